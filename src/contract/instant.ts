import * as v from 'valibot'
import { EscapementError } from '../core/errors.ts'
import { instantMs } from '../core/trigger/instant.ts'

const TAKES = 'an ISO 8601 text with Z or an offset such as "2026-03-08T02:30:00Z", from 1970 to 9999'

/** What the OpenAPI document says of an instant. */
export const INSTANT = 'An instant in ISO 8601 with Z or an offset, from 1970 to 9999'

/** An ISO 8601 text with `Z` or an offset; becomes epoch milliseconds. */
export const instant = v.pipe(
  v.string(TAKES),
  v.maxLength(40, TAKES),
  v.description(INSTANT),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return instantMs('It', dataset.value)
    } catch (error) {
      if (!(error instanceof EscapementError)) throw error
      addIssue({ message: TAKES })
      return NEVER
    }
  })
)
