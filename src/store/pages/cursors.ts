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
