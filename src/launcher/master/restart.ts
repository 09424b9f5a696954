const FIRST_DELAY_MS = 200
const MAX_DELAY_MS = 30_000
/** A process that lived this long was sound: earlier failures no longer count. */
const SOUND_LIFE_MS = 10_000

export interface Exit {
  /** From the start of the process to its end. */
  readonly lifeMs: number
  /** Early ends in a row before this one. */
  readonly failures: number
  /** The process reported that another try would fail the same way, and none was ever ready in its position. */
  readonly isFinal: boolean
}

export interface RestartPolicy {
  /** Early ends in a row that lead to a restart. */
  readonly limit: number
  /** In [0, 1). Spreads the restarts of processes that ended together. */
  readonly random: number
}

export type AfterExit =
  | { readonly kind: 'restart'; readonly delayMs: number; readonly failures: number }
  | { readonly kind: 'give-up' }

/** What to do after a process ended unasked. The delay doubles with each early end, up to 30 s. */
export function afterExit({ lifeMs, failures, isFinal }: Exit, { limit, random }: RestartPolicy): AfterExit {
  const inARow = lifeMs >= SOUND_LIFE_MS ? 1 : failures + 1
  if (isFinal || inARow > limit) return { kind: 'give-up' }
  const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (inARow - 1))
  return { kind: 'restart', delayMs: Math.round(longest * (0.5 + random / 2)), failures: inARow }
}
