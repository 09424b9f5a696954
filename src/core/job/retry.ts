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

/** Milliseconds to wait after the nth failure (n from 1); `random` is in [0, 1). */
export type RetryDelay = (failures: number, random: number) => number

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
  const kind = (policy as { readonly kind?: unknown } | null)?.kind
  if (kind === 'fixed') return fixedDelay(policy as Fixed, of)
  if (kind === 'exponential') return exponentialDelay(policy as Exponential, of)
  const got =
    typeof policy === 'object' && policy !== null && kind !== undefined ? `the kind ${describe(kind)}` : undefined
  const cure = retryCure(policy)
  throw new EscapementError(
    'task-invalid',
    `${of} is ${got ?? describe(policy)}; it takes { kind: "exponential" }, { kind: "fixed", delay: "30s" } or a list of durations such as ["1s", "1m"].${cure === undefined ? '' : ` ${cure}`}`
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
