import { aBy, type ChangeOptions } from '../core/access/by.ts'
import { EscapementError } from '../core/errors.ts'
import { aDuration, aFunction, aName, trueOrFalse, wholeNumber } from '../core/options/forms.ts'
import { describe } from '../core/options/names.ts'
import { checkOptions, type Door, door } from '../core/options/options.ts'
import type { AnyTask } from '../core/job/task.ts'
import type { SeatListener } from '../runtime/seats/tenure.ts'
import { isRoleList, type Role, ROLES_TAKE } from '../settings/kinds/roles.ts'

/** The options of `start()`. */
export interface StartOptions {
  /** What this process does. @default `roles` of the settings */
  readonly roles?: readonly Role[]
  /**
   * Whether SIGTERM and SIGINT end this process in order. Nothing more is claimed; open requests and handlers share
   * `shutdownGrace`; jobs that have not ended are given back, and another process has them at once. Then the app's own
   * listeners for SIGTERM are called, and the process exits: with status 0 if all was in order, else 1. A second signal
   * shortens the waits. With false, stop the process by calling `stop()`.
   *
   * @default false
   */
  readonly signals?: boolean
}

/** The options of `tick()`. */
export interface TickOptions {
  /**
   * How long it may take: milliseconds, or a text such as "50s". Handlers that still run then get `shutdownGrace`.
   * @default '50s'
   */
  readonly atMost?: number | string
}

/** The options of `stop()`. */
export interface StopOptions {
  /** How long handlers may continue, in milliseconds, 0 or more. @default `shutdownGrace` of the settings */
  readonly graceMs?: number
}

/** The options of `onPrimary()`. */
export interface PrimaryListener extends SeatListener {
  /** The seat's name. @default 'primary' */
  readonly seat?: string
}

/** The options of `schedules.ledger()`. */
export interface LedgerOptions {
  /** How many rows, 1 to 1,000. @default 20 */
  readonly limit?: number
}

/** The options of `schedules.remove()`. */
export interface RemoveOptions extends ChangeOptions {
  /**
   * Whether starts of code that names the schedule leave it removed, until it is removed again without this. @default
   * false
   */
  readonly forGood?: boolean
}

/** The options of `schedules.pause()`. */
export interface PauseOptions extends ChangeOptions {
  /**
   * Why, for those who find it paused: 1 to 1,000 characters, on one line. Kept until the schedule is resumed.
   *
   * @default none
   */
  readonly note?: string
}

export const startDoor = door<StartOptions>('options-invalid', {
  roles: { takes: ROLES_TAKE, allows: isRoleList },
  signals: trueOrFalse
})
export const tickDoor = door<TickOptions>('options-invalid', { atMost: aDuration })
export const stopDoor = door<StopOptions>('options-invalid', { graceMs: wholeNumber(0, Number.MAX_SAFE_INTEGER) })
export const primaryDoor = door<PrimaryListener>('options-invalid', {
  seat: aName,
  onElected: aFunction,
  onDeposed: aFunction
})
export const ledgerDoor = door<LedgerOptions>('options-invalid', { limit: wholeNumber(1, 1_000) })

const MAX_NOTE_LENGTH = 1_000
export const pauseDoor = door<PauseOptions>('options-invalid', {
  by: aBy,
  note: {
    takes: `a text of 1 to ${MAX_NOTE_LENGTH} characters on one line`,
    allows: value =>
      typeof value === 'string' &&
      value.trim() !== '' &&
      value.length <= MAX_NOTE_LENGTH &&
      // A terminal would obey control characters.
      !/\p{Cc}|\p{Cs}/u.test(value)
  }
})
export const removeDoor = door<RemoveOptions>('options-invalid', { forGood: trueOrFalse, by: aBy })
/** What only says who makes the change. */
export const changeDoor = door<ChangeOptions>('options-invalid', { by: aBy })

/** Returns a rejected promise if the options are wrong, for calls that return promises and must not throw. */
export function refusedBy(who: string, options: unknown, refusing: Door): Promise<never> | undefined {
  try {
    checkOptions(who, options, refusing)
    return undefined
  } catch (error) {
    return Promise.reject(error)
  }
}

/**
 * Returns a task of this process by its name; a task is returned as it is.
 *
 * @throws EscapementError `task-unknown`
 */
export function taskOf(tasks: readonly AnyTask[], given: AnyTask | string): AnyTask {
  if (typeof (given as Partial<AnyTask> | null)?.handler === 'function') return given as AnyTask
  if (typeof given !== 'string')
    throw new EscapementError(
      'task-unknown',
      `The task of a job is ${describe(given)}; it takes what task() returns, or the name of a task.`
    )
  const known = tasks.find(task => task.name === given)
  if (known !== undefined) return known
  const names = tasks.map(task => `"${task.name}"`).join(', ')
  throw new EscapementError(
    'task-unknown',
    `There is no task named ${describe(given)} here; there are: ${names === '' ? 'none' : names}.`
  )
}

/**
 * Refuses requests that are no web `Request`, such as those of Express and Koa.
 *
 * @throws EscapementError `options-invalid`
 */
export function assertRequest(given: unknown): asserts given is Request {
  const { url, headers } = (Object(given) as Partial<Request> | undefined) ?? {}
  if (typeof url === 'string' && typeof headers?.get === 'function') return
  const isNodes = typeof url === 'string' && typeof headers === 'object'
  const got = isNodes ? 'a request of node:http, as Express passes it' : describe(given)
  throw new EscapementError(
    'options-invalid',
    `fetch() got ${got}; it takes a web Request, as Hono, Bun and Deno pass it. In Express and other frameworks on ` +
      'node:http, mount the handler: app.use(escapement.handler).'
  )
}
