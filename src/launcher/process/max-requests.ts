const JITTER = 0.1

/**
 * After how many requests a web process is replaced: `most` and up to a tenth more, so that processes that started
 * together don't end together.
 */
export function requestLimit(most: number, random: number): number {
  return most + Math.floor(random * (most * JITTER + 1))
}
