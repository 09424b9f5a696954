import { durationMs } from '../options/duration.ts'
import { EscapementError } from '../errors.ts'
import { aDuration, judgedLater, oneOf } from '../options/forms.ts'
import { describe } from '../options/names.ts'
import { checkOptions, door } from '../options/options.ts'
import { retryCure } from './retry-cure.ts'

/**
 * How long to wait after the nth failure.
 * - `fixed`: always `delay`.
 * - `exponential` (the default): `base` · `factor`^(n−1), at most `max`, plus or minus `jitter` (a share, 0 to 1).
 * - a list: the nth entry; its last entry repeats.
 * - a function of the error: a duration, false for no further attempt, or undefined for the default.
 */
export type RetryPolicy =
  | { readonly kind: 'fixed'; readonly delay: number | string }
  | {
      readonly kind: 'exponential'
      /** @default 1 s */
      readonly base?: number | string
      /** @default 2 */
      readonly factor?: number
      /** @default 1 h */
      readonly max?: number | string
      /** @default 0.1 */
      readonly jitter?: number
    }
  | readonly (number | string)[]
  | RetryFunction

/**
 * Decides by the error, and by how many attempts have failed (from 1). False: no further attempt. Undefined: the default
 * policy. It is not awaited.
 */
export type RetryFunction = (error: Error, failures: number) => number | string | false | undefined

/**
 * Milliseconds to wait after the nth failure (n from 1), or false for no further attempt; `random` is in [0, 1).
 *
 * @throws anything that a {@link RetryFunction} throws
 */
export type RetryDelay = (failures: number, random: number, error?: Error) => number | false

const fixedDoor = door<Extract<RetryPolicy, { kind: 'fixed' }>>('task-invalid', {
  kind: oneOf('fixed', 'exponential'),
  delay: aDuration
})

const exponentialDoor = door<Extract<RetryPolicy, { kind: 'exponential' }>>('task-invalid', {
  kind: oneOf('fixed', 'exponential'),
  base: aDuration,
  factor: judgedLater,
  max: aDuration,
  jitter: judgedLater
})

/**
 * The delays of a policy. `of` begins the sentence of an error.
 *
 * @throws EscapementError `task-invalid`, `duration-invalid`
 */
export function retryDelay(policy: RetryPolicy = { kind: 'exponential' }, of = 'A retry policy'): RetryDelay {
  if (isList(policy)) return listDelay(policy, of)
  if (typeof policy === 'function') return functionDelay(policy, of)
  const kind = (policy as { readonly kind?: unknown } | null)?.kind
  if (kind === 'fixed') return fixedDelay(policy as Fixed, of)
  if (kind === 'exponential') return exponentialDelay(policy as Exponential, of)
  const got =
    typeof policy === 'object' && policy !== null && kind !== undefined ? `the kind ${describe(kind)}` : undefined
  const cure = retryCure(policy)
  throw new EscapementError(
    'task-invalid',
    `${of} is ${got ?? describe(policy)}; it takes { kind: "exponential" }, { kind: "fixed", delay: "30s" }, a list of durations such as ["1s", "1m"] or a function of the error.${cure === undefined ? '' : ` ${cure}`}`
  )
}

type Fixed = Extract<RetryPolicy, { kind: 'fixed' }>
type Exponential = Extract<RetryPolicy, { kind: 'exponential' }>

const isList = (policy: RetryPolicy): policy is readonly (number | string)[] => Array.isArray(policy)

function fixedDelay(policy: Fixed, of: string): RetryDelay {
  checkOptions(of, policy, fixedDoor)
  const delayMs = durationMs(policy.delay, `${of}: delay`)
  return () => delayMs
}

function listDelay(list: readonly (number | string)[], of: string): RetryDelay {
  const delaysMs = list.map((delay, index) => durationMs(delay, `${of}: entry ${index + 1}`))
  if (delaysMs.length === 0)
    throw new EscapementError('task-invalid', `${of} is an empty list; it takes at least one duration.`)
  return failures => delaysMs[Math.min(failures, delaysMs.length) - 1] ?? 0
}

function functionDelay(decide: RetryFunction, of: string): RetryDelay {
  const usual = exponentialDelay({ kind: 'exponential' }, of)
  return (failures, random, error) => {
    const delay = error === undefined ? undefined : decide(error, failures)
    if (delay === false) return false
    return delay === undefined ? usual(failures, random) : durationMs(delay, `${of} returned what is no delay: it`)
  }
}

function exponentialDelay(policy: Exponential, of: string): RetryDelay {
  checkOptions(of, policy, exponentialDoor)
  const baseMs = durationMs(policy.base ?? 1_000, `${of}: base`)
  const maxMs = durationMs(policy.max ?? '1h', `${of}: max`)
  const { factor = 2, jitter = 0.1 } = policy
  if (!(Number.isFinite(factor) && factor >= 1))
    throw new EscapementError(
      'task-invalid',
      `${of} has the factor ${describe(factor)}; it takes a finite number from 1 up.`
    )
  if (!(typeof jitter === 'number' && jitter >= 0 && jitter <= 1))
    throw new EscapementError('task-invalid', `${of} has the jitter ${describe(jitter)}; it takes 0 to 1.`)
  return (failures, random) => {
    // A power may overflow to Infinity, and Infinity times 0 is NaN.
    const delayMs = baseMs === 0 ? 0 : Math.min(maxMs, baseMs * factor ** (failures - 1))
    const share = random >= 0 && random <= 1 ? random : 0.5
    return Math.round(delayMs * (1 + jitter * (2 * share - 1)))
  }
}
