import { EscapementError } from '../core/errors.ts'
import { aFunction, aName, trueOrFalse, wholeNumber } from '../core/options/forms.ts'
import { describe } from '../core/options/names.ts'
import { checkOptions, type Door, door } from '../core/options/options.ts'
import type { AnyTask } from '../core/job/task.ts'
import type { SeatListener } from '../runtime/seats/tenure.ts'
import { isRoleList, type Role, ROLES_TAKE } from '../settings/kinds/roles.ts'

export interface StartOptions {
  /** What this process does; default: what the settings say. */
  readonly roles?: readonly Role[]
}

export interface StopOptions {
  /** How long handlers may go on; default `shutdownGrace`. */
  readonly graceMs?: number
}

export interface PrimaryListener extends SeatListener {
  /** Default "primary". */
  readonly seat?: string
}

export interface LedgerOptions {
  /** 1 to 1,000, default 20. */
  readonly limit?: number
}

export interface RemoveOptions {
  /** No start of code that names it brings it back, until it is removed once more without; default false. */
  readonly forGood?: boolean
}

export const startDoor = door<StartOptions>('options-invalid', { roles: { takes: ROLES_TAKE, allows: isRoleList } })
export const stopDoor = door<StopOptions>('options-invalid', { graceMs: wholeNumber(0, Number.MAX_SAFE_INTEGER) })
export const primaryDoor = door<PrimaryListener>('options-invalid', {
  seat: aName,
  onElected: aFunction,
  onDeposed: aFunction
})
export const ledgerDoor = door<LedgerOptions>('options-invalid', { limit: wholeNumber(1, 1_000) })

export const removeDoor = door<RemoveOptions>('options-invalid', { forGood: trueOrFalse })

/** For what answers a promise: a rejection where it would throw. */
export function refusedBy(who: string, options: unknown, refusing: Door): Promise<never> | undefined {
  try {
    checkOptions(who, options, refusing)
    return undefined
  } catch (error) {
    return Promise.reject(error)
  }
}

/** A task of this process by its name, or itself. Throws `task-unknown`. */
export function taskOf(tasks: readonly AnyTask[], given: AnyTask | string): AnyTask {
  if (typeof (given as Partial<AnyTask> | null)?.handler === 'function') return given as AnyTask
  if (typeof given !== 'string')
    throw new EscapementError(
      'task-unknown',
      `A job was asked for of ${describe(given)}; it takes what task() answers, or the name of a task.`
    )
  const known = tasks.find(task => task.name === given)
  if (known !== undefined) return known
  const names = tasks.map(task => `"${task.name}"`).join(', ')
  throw new EscapementError(
    'task-unknown',
    `There is no task named ${describe(given)} here; there are: ${names === '' ? 'none' : names}.`
  )
}

/** What Express, Koa and their like hand over is no Request of the web's. Throws `options-invalid`. */
export function assertRequest(given: unknown): asserts given is Request {
  const { url, headers } = (Object(given) as Partial<Request> | undefined) ?? {}
  if (typeof url === 'string' && typeof headers?.get === 'function') return
  const isNodes = typeof url === 'string' && typeof headers === 'object'
  const got = isNodes ? 'a request of node:http, as Express has them' : describe(given)
  throw new EscapementError(
    'options-invalid',
    `fetch() got ${got}; it takes a Request of the web, as Hono, Bun and Deno have them. In Express and its like mount ` +
      'getRequestListener(escapement.fetch) of "@hono/node-server": app.use((request, response, next) => request.originalUrl.startsWith(\'/api/v1/\') ? listener(request, response) : next()).'
  )
}
