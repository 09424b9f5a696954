import { durationMs } from './duration.ts'
import { EscapementError } from './errors.ts'
import { describe } from './names.ts'

/**
 * How long to wait after the nth failure.
 * - `fixed`: always `delay`.
 * - `exponential` (the default): `base` · `factor`^(n−1), at most `max`, give or take `jitter` (a share, 0 to 1).
 * - a list: the nth entry, then its last one again.
 */
export type RetryPolicy =
  | { readonly kind: 'fixed'; readonly delay: number | string }
  | {
      readonly kind: 'exponential'
      /** Default 1 s. */
      readonly base?: number | string
      /** Default 2. */
      readonly factor?: number
      /** Default 1 h. */
      readonly max?: number | string
      /** Default 0.1. */
      readonly jitter?: number
    }
  | readonly (number | string)[]

/** Milliseconds to wait after the nth failure (n from 1); `random` is in [0, 1). */
export type RetryDelay = (failures: number, random: number) => number

export function retryDelay(policy: RetryPolicy = { kind: 'exponential' }): RetryDelay {
  if (isList(policy)) return listDelay(policy)
  if (policy.kind === 'fixed') {
    const delayMs = durationMs(policy.delay)
    return () => delayMs
  }
  if (policy.kind === 'exponential') return exponentialDelay(policy)
  throw new EscapementError(
    'task-invalid',
    `A retry policy is ${describe((policy as { kind: unknown }).kind)}; it takes "fixed", "exponential" or a list of durations.`
  )
}

const isList = (policy: RetryPolicy): policy is readonly (number | string)[] => Array.isArray(policy)

function listDelay(list: readonly (number | string)[]): RetryDelay {
  const delaysMs = list.map(delay => durationMs(delay))
  if (delaysMs.length === 0)
    throw new EscapementError('task-invalid', 'A retry policy is an empty list; it takes at least one duration.')
  return failures => delaysMs[Math.min(failures, delaysMs.length) - 1] ?? 0
}

function exponentialDelay(policy: Extract<RetryPolicy, { kind: 'exponential' }>): RetryDelay {
  const baseMs = durationMs(policy.base ?? 1_000)
  const maxMs = durationMs(policy.max ?? '1h')
  const { factor = 2, jitter = 0.1 } = policy
  if (!(Number.isFinite(factor) && factor >= 1))
    throw new EscapementError(
      'task-invalid',
      `A retry policy has the factor ${describe(factor)}; it takes a finite number of 1 or more.`
    )
  if (!(jitter >= 0 && jitter <= 1))
    throw new EscapementError('task-invalid', `A retry policy has the jitter ${describe(jitter)}; it takes 0 to 1.`)
  return (failures, random) => {
    // A power too large for a number is Infinity, which times 0 would be none.
    const delayMs = baseMs === 0 ? 0 : Math.min(maxMs, baseMs * factor ** (failures - 1))
    const share = random >= 0 && random <= 1 ? random : 0.5
    return Math.round(delayMs * (1 + jitter * (2 * share - 1)))
  }
}

/** Thrown by a handler, it ends the job without a further attempt: what failed will not be cured by a retry. */
export class DoNotRetry extends Error {
  override readonly name = 'DoNotRetry'
}
