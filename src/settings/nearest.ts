import { closest, distance } from 'fastest-levenshtein'

/** The known name that was most likely meant; undefined when nothing is near enough to be worth saying. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const byLowerCase = new Map(known.map(each => [each.toLowerCase(), each]))
  const lower = name.toLowerCase()
  const found = closest(lower, [...byLowerCase.keys()])
  return distance(lower, found) <= Math.max(2, Math.floor(lower.length / 3)) ? byLowerCase.get(found) : undefined
}

/** A sentence that names the nearest neighbour, or else everything that is known. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  if (nearest !== undefined) return `did you mean "${nearest}"?`
  return `known are ${known.map(each => `"${each}"`).join(', ')}.`
}
