import { DURATION_TAKES, durationCure, durationMs, isDuration } from '../options/duration.ts'
import { EscapementError } from '../errors.ts'
import { describe } from '../options/names.ts'
import { isInstant, isoOf } from '../trigger/instant.ts'

/** How much later, or when: a duration, or an instant from 1970 to 9999. */
export type Later = number | string | Date

/** A {@link Later} that was read: milliseconds from now, or an instant. */
export interface Moment {
  readonly delayMs?: number
  readonly at?: number
}

/**
 * A handler throws this to end the job without another attempt, when a retry would not help.
 *
 * @example
 * ```ts
 * if (response.status === 410) throw new DoNotRetry('this address is gone for good')
 * ```
 */
export class DoNotRetry extends Error {
  override readonly name = 'DoNotRetry'
}

/**
 * A handler throws this to have the next attempt at a time that it chooses, for example as the header `retry-after` of a
 * response says. The attempt has failed, and counts against `maxAttempts`. What the job keeps is the message of the
 * `cause`, if there is one.
 *
 * @throws EscapementError `duration-invalid`
 * @example
 * ```ts
 * throw new RetryAfter('30s', { cause: error })
 * ```
 */
export class RetryAfter extends Error {
  override readonly name = 'RetryAfter'
  /** When the next attempt is made. */
  readonly later: Moment

  constructor(later: Later, options: ErrorOptions = {}) {
    const moment = momentOf('RetryAfter', later)
    super(messageFor(`to be tried again ${inWords(moment)}`, options), options)
    this.later = moment
  }
}

/**
 * A handler throws this to put its job off: it runs again later, and the attempt counts neither as failed nor against
 * `maxAttempts`. `snoozes` of the job says how often that was. An at-most-once job cannot be put off, since it has begun:
 * it fails.
 *
 * @throws EscapementError `duration-invalid`
 * @example
 * ```ts
 * if (!(await isReady(payload))) throw new Snooze('10m')
 * ```
 */
export class Snooze extends Error {
  override readonly name = 'Snooze'
  /** When the job runs. */
  readonly later: Moment

  constructor(later: Later) {
    const moment = momentOf('Snooze', later)
    super(`The handler asked to run again ${inWords(moment)}.`)
    this.later = moment
  }
}

/** The instant that is meant, not before now. */
export const laterThan = (now: number, { at, delayMs = 0 }: Moment): number =>
  at === undefined ? now + delayMs : Math.max(now, at)

const inWords = ({ at, delayMs }: Moment): string => (at === undefined ? `after ${delayMs} ms` : `at ${isoOf(at)}`)

function messageFor(what: string, { cause }: ErrorOptions): string {
  const message = cause instanceof Error ? cause.message : undefined
  return typeof message === 'string' && message !== '' ? message : `The handler asked ${what}.`
}

function momentOf(who: string, later: Later): Moment {
  if (isDuration(later)) return { delayMs: durationMs(later) }
  const at = typeof later === 'object' ? Number(later) : undefined
  if (at !== undefined && isInstant(at)) return { at }
  const cure = durationCure(later)
  throw new EscapementError(
    'duration-invalid',
    `${who} got ${describe(later)}; it takes a Date from 1970 to 9999, or ${DURATION_TAKES}.${cure === undefined ? '' : ` ${cure}`}`
  )
}
