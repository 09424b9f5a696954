const FIRST_DELAY_MS = 200
const MAX_DELAY_MS = 30_000
/** A process that lived this long was sound: what came before is forgotten. */
const SOUND_LIFE_MS = 10_000

export interface Exit {
  /** From the start of the process to its end. */
  readonly lifeMs: number
  /** Early ends in a row before this one. */
  readonly failures: number
  /** The process said that another try would end the same way, and none of its kind was ever ready. */
  readonly isFinal: boolean
}

export interface RestartPolicy {
  /** So many early ends in a row are answered with a restart. */
  readonly limit: number
  /** In [0, 1): processes that end together are not started together. */
  readonly random: number
}

export type AfterExit =
  | { readonly kind: 'restart'; readonly delayMs: number; readonly failures: number }
  | { readonly kind: 'give-up' }

/** What to do about a process that nobody asked to end: the delay doubles with each early end, up to 30 s. */
export function afterExit({ lifeMs, failures, isFinal }: Exit, { limit, random }: RestartPolicy): AfterExit {
  const inARow = lifeMs >= SOUND_LIFE_MS ? 1 : failures + 1
  if (isFinal || inARow > limit) return { kind: 'give-up' }
  const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (inARow - 1))
  return { kind: 'restart', delayMs: Math.round(longest * (0.5 + random / 2)), failures: inARow }
}
