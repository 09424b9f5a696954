import { type HTMLElement, parse } from 'node-html-parser'
import type { ShipCall } from './timetable.ts'

/** The page answered, but it is not the page that this scraper was written for. Trying again soon will not help. */
export class HarbourPageChanged extends Error {
  override readonly name = 'HarbourPageChanged'
}

const MAX_PAGE_CHARACTERS = 2_000_000
const columns = ['Call', 'Ship', 'From', 'Berth', 'ETA', 'Miles off', 'Progress'] as const
type Column = (typeof columns)[number]

/** Fetches the harbour's page and reads the arrivals from it; rejects with what is wrong when either fails. */
export async function scrapeArrivals(url: string, signal: AbortSignal): Promise<ShipCall[]> {
  const page = await fetch(url, { signal, headers: { accept: 'text/html' } }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw new Error(`The harbour's page ${url} could not be fetched: ${causeOf(error)}`, { cause: error })
  })
  if (!page.ok) throw new Error(`The harbour's page ${url} answered ${page.status} ${page.statusText}`.trimEnd())
  const type = page.headers.get('content-type') ?? 'nothing'
  if (!type.startsWith('text/html')) throw new HarbourPageChanged(`${url} is ${type}, not text/html`)
  const html = await page.text()
  if (html.length > MAX_PAGE_CHARACTERS)
    throw new HarbourPageChanged(`${url} is larger than ${MAX_PAGE_CHARACTERS} characters`)
  return readArrivals(html)
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message
}

/** Reads the arrivals table of a page. A page without ships is fine; one without the table or a column of it is not. */
export function readArrivals(html: string): ShipCall[] {
  const table = parse(html).querySelector('table#arrivals')
  if (table === null) throw new HarbourPageChanged('The page has no table with the id "arrivals"')
  const titles = table.querySelectorAll('thead th').map(textOf)
  const indexes = new Map(columns.map(column => [column, titles.indexOf(column)]))
  const absent = columns.filter(column => indexes.get(column) === -1)
  if (absent.length > 0)
    throw new HarbourPageChanged(
      `The arrivals table has no column ${absent.map(quoted).join(', ')}; it has ${titles.map(quoted).join(', ') || 'none'}`
    )
  const calls = table.querySelectorAll('tbody tr').map((row, index) => readRow(row, index + 1, indexes))
  const repeated = calls.find(({ call }, index) => calls.findIndex(other => other.call === call) < index)
  if (repeated) throw new HarbourPageChanged(`The call ${quoted(repeated.call)} is in the table twice`)
  return calls
}

function readRow(row: HTMLElement, number: number, indexes: ReadonlyMap<Column, number>): ShipCall {
  const cells = row.querySelectorAll('th, td')
  const cell = (column: Column): HTMLElement => {
    const found = cells[indexes.get(column) ?? -1]
    if (found && textOf(found) !== '') return found
    throw new HarbourPageChanged(`Row ${number} of the arrivals table has nothing under ${quoted(column)}`)
  }
  return {
    call: textOf(cell('Call')),
    ship: textOf(cell('Ship')),
    origin: textOf(cell('From')),
    berth: textOf(cell('Berth')),
    etaAt: readInstant(cell('ETA'), number),
    milesOff: readMiles(textOf(cell('Miles off')), number),
    progress: readProgress(textOf(cell('Progress')), number)
  }
}

function readInstant(cell: HTMLElement, row: number): number {
  const written = cell.querySelector('time')?.getAttribute('datetime')
  const at = written === undefined ? Number.NaN : Date.parse(written)
  if (Number.isFinite(at)) return at
  throw new HarbourPageChanged(
    `Row ${row}: the ETA ${quoted(textOf(cell))} has no <time datetime="…"> that can be read (${written ?? 'absent'})`
  )
}

function readMiles(text: string, row: number): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new HarbourPageChanged(`Row ${row}: ${quoted(text)} under "Miles off" is not a distance`)
}

function readProgress(text: string, row: number): ShipCall['progress'] {
  if (text === 'expected' || text === 'at the pilot station' || text === 'berthed') return text
  throw new HarbourPageChanged(`Row ${row}: ${quoted(text)} under "Progress" is not one of the three that are known`)
}

function textOf(element: HTMLElement): string {
  return element.textContent.replace(/\s+/g, ' ').trim()
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
