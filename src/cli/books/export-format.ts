import { describe } from '../../core/options/names.ts'
import { isInstant } from '../../core/trigger/instant.ts'
import type { BooksKind, BooksPart, BooksRecords } from '../../store/moving.ts'
import { WrongUse } from '../failures.ts'

/**
 * An export is lines of JSON: a head, a line for each record, and an end, which one that was cut off lacks. Records come
 * kind by kind; schedules come last, so that nothing is due in books that are not whole.
 */
export const exportedKinds = [
  'books',
  'pausedQueue',
  'registration',
  'seat',
  'job',
  'step',
  'ledger',
  'timeline',
  'schedule'
] as const satisfies readonly BooksKind[]

const VERSION = 1
/** A part is full with so many records, or so many characters: the same lines are always the same parts. */
const PART_RECORDS = 500
const PART_CHARACTERS = 4_000_000

export interface ExportHead {
  readonly escapementExport: typeof VERSION
  readonly exportId: string
  /** ISO 8601. */
  readonly exportedAt: string
}

interface RecordLine {
  readonly kind: BooksKind
  readonly record: object
}

export const headLine = (exportId: string, exportedAt: string): string =>
  lineOf({ escapementExport: VERSION, exportId, exportedAt } satisfies ExportHead)
export const recordLine = <Kind extends BooksKind>(kind: Kind, record: BooksRecords[Kind]): string =>
  lineOf({ kind, record } satisfies RecordLine)
export const endLine = (records: number): string => lineOf({ end: records })

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`

/**
 * The parts of an export.
 *
 * @throws WrongUse when the lines are none of an export, or of a newer release; at the end when they are cut off.
 */
export async function* partsOf(lines: AsyncIterable<string>): AsyncGenerator<BooksPart> {
  let head: ExportHead | undefined
  let part = new PartMaker()
  let records = 0
  for await (const line of lines) {
    const value = parse(line, records)
    if (head === undefined) head = headOf(value)
    else if ('end' in value) {
      if (value['end'] !== records) throw cutOff(records)
      yield part.finish(head.exportId)
      return
    } else {
      part.add(recordOf(value, ++records), line.length)
      if (!part.isFull) continue
      yield part.finish(head.exportId)
      part = new PartMaker(part.number + 1)
    }
  }
  throw cutOff(records)
}

/** Gathers records until they are enough for one step of an import. */
class PartMaker {
  readonly number: number
  readonly #records: Partial<Record<BooksKind, object[]>> = {}
  #count = 0
  #characters = 0

  constructor(number = 0) {
    this.number = number
  }

  get isFull(): boolean {
    return this.#count >= PART_RECORDS || this.#characters >= PART_CHARACTERS
  }

  add({ kind, record }: RecordLine, characters: number): void {
    ;(this.#records[kind] ??= []).push(record)
    this.#count += 1
    this.#characters += characters
  }

  finish(exportId: string): BooksPart {
    return { exportId, number: this.number, records: this.#records as BooksPart['records'] }
  }
}

type JsonObject = Readonly<Record<string, unknown>>

function parse(line: string, records: number): JsonObject {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as JsonObject
  } catch {
    // Told below, as what is JSON and no object.
  }
  throw new WrongUse(`The line after ${records} records is none of an export.`)
}

function headOf(value: JsonObject): ExportHead {
  const { escapementExport: version, exportId } = value
  if (typeof version !== 'number' || typeof exportId !== 'string')
    throw new WrongUse('This is not what "escapement export" writes: its first line is not that of an export.')
  if (version !== VERSION)
    throw new WrongUse(`The export has version ${version}, and this release takes version ${VERSION}.`)
  return value as unknown as ExportHead
}

function recordOf(value: JsonObject, number: number): RecordLine {
  const { kind, record } = value
  if (exportedKinds.includes(kind as BooksKind) && typeof record === 'object' && record !== null) {
    assertInstants(record as JsonObject, `Record ${number} of the export (${kind as BooksKind})`)
    return value as unknown as RecordLine
  }
  throw new WrongUse(`Record ${number} of the export is of no kind that this release knows.`)
}

/** Books must not take in what they would refuse at every other door, and what can't be shown again. */
function assertInstants(record: JsonObject, what: string): void {
  for (const [name, value] of Object.entries(record))
    if (/(At|Until|From)$/.test(name) && value !== null && !(typeof value === 'number' && isInstant(value)))
      throw new WrongUse(
        `${what} has ${name} ${describe(value)}; it takes whole epoch milliseconds, from 1970 to 9999.`
      )
}

const cutOff = (records: number): WrongUse =>
  new WrongUse(
    `The export is cut off after ${records} records. Import the whole of it: what is there is not taken twice.`
  )
