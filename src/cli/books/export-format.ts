import { describe } from '../../core/options/names.ts'
import { isInstant } from '../../core/trigger/instant.ts'
import type { BooksKind, BooksPart, BooksRecords } from '../../store/moving.ts'
import { WrongUse } from '../failures.ts'

/**
 * An export is lines of JSON: a head, one line per record, and an end, which is missing if the export was cut off.
 * Records come kind by kind. Schedules come last, so that nothing is due in incomplete books.
 */
export const exportedKinds = [
  'books',
  'pausedQueue',
  'registration',
  'seat',
  'redaction',
  'audit',
  'job',
  'step',
  'ledger',
  'timeline',
  'schedule'
] as const satisfies readonly BooksKind[]

const VERSION = 1
/** A part is full at this many records or characters. The same lines always give the same parts. */
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
 * @throws WrongUse if the lines are not an export or have another version, and at the end if they are cut off.
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
    // Reported below, like JSON that is not an object.
  }
  throw new WrongUse(`The line after ${records} records is not a line of an export.`)
}

function headOf(value: JsonObject): ExportHead {
  const { escapementExport: version, exportId } = value
  if (typeof version !== 'number' || typeof exportId !== 'string')
    throw new WrongUse('This is not an export of "escapement export": its first line is not that of an export.')
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
  throw new WrongUse(`Record ${number} of the export has a kind that this release does not know.`)
}

/** Books must not import instants that every other call refuses and that could not be shown. */
function assertInstants(record: JsonObject, what: string): void {
  for (const [name, value] of Object.entries(record))
    if (/^at$|(At|Until|From)$/.test(name) && value !== null && !(typeof value === 'number' && isInstant(value)))
      throw new WrongUse(
        `${what} has ${name} ${describe(value)}; it takes whole epoch milliseconds, from 1970 to 9999.`
      )
}

const cutOff = (records: number): WrongUse =>
  new WrongUse(
    `The export is cut off after ${records} records. Import the whole export: records that were imported already are not imported twice.`
  )
