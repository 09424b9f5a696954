import { EscapementError } from '../../core/errors.ts'
import { isJobId } from '../../core/job/job-id.ts'
import { describe, isName } from '../../core/options/names.ts'

type Cursor = string | undefined

const isInteger = (text: string): boolean => /^-?\d{1,15}$/.test(text)

const checked =
  (list: string, isOurs: (cursor: string) => boolean) =>
  (cursor: Cursor): Cursor => {
    if (cursor === undefined || isOurs(cursor)) return cursor
    throw new EscapementError(
      'id-invalid',
      `The cursor of a list of ${list} is ${describe(cursor)}; it takes the cursor of the previous page.`
    )
  }

const instantCursor = checked('the ledger', isInteger)

/**
 * The cursor of each list, or undefined for its first page. A caller can send any text; what cannot be a cursor is
 * refused by all stores alike, since databases differ in what they make of it.
 *
 * @throws EscapementError `id-invalid`
 */
export const jobCursor = checked('jobs', isJobId)
export const scheduleCursor = checked('schedules', isName)
export const ledgerCursor = (cursor: Cursor): number | undefined => {
  const after = instantCursor(cursor)
  return after === undefined ? undefined : Number(after)
}
export const tokenCursor = checked('tokens', isName)

/** Where an item stands among others that are ordered by an instant, and then by an id. */
export interface DatedKey {
  readonly at: number
  readonly id: string
}

const DATED = /^(\d{1,15}):(.+)$/s
const datedKeyIn = (text: string): DatedKey | undefined => {
  const [, at, id] = DATED.exec(text) ?? []
  return at !== undefined && isName(id) ? { at: Number(at), id } : undefined
}
const datedCursor = checked('schedules', text => datedKeyIn(text) !== undefined)

export const datedScheduleCursor = (cursor: Cursor): DatedKey | undefined => {
  const text = datedCursor(cursor)
  return text === undefined ? undefined : datedKeyIn(text)
}
export const textOfDatedKey = ({ at, id }: DatedKey): string => `${at}:${id}`

/** Where a row stands among those of all schedules. */
export interface LedgerKey {
  readonly decidedAt: number
  readonly scheduleId: string
  readonly fireAt: number
}

const LEDGER_KEY = /^(\d{1,15}):(\d{1,15}):(.+)$/s
const ledgerKeyIn = (text: string): LedgerKey | undefined => {
  const [, decidedAt, fireAt, scheduleId] = LEDGER_KEY.exec(text) ?? []
  if (!isName(scheduleId)) return undefined
  return { decidedAt: Number(decidedAt), fireAt: Number(fireAt), scheduleId }
}
const unfiredText = checked('what did not fire', text => ledgerKeyIn(text) !== undefined)

export const unfiredCursor = (cursor: Cursor): LedgerKey | undefined => {
  const text = unfiredText(cursor)
  return text === undefined ? undefined : ledgerKeyIn(text)
}
export const textOfLedgerKey = ({ decidedAt, fireAt, scheduleId }: LedgerKey): string =>
  `${decidedAt}:${fireAt}:${scheduleId}`
