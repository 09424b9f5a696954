import type { Entry, Fact } from '../history.ts'

export type Recorded<T extends Fact> = T & { readonly by: string; readonly at: number }

/** The facts that can say one of these. */
type Saying<F, What> = F extends { readonly what: infer W } ? ([W & What] extends [never] ? never : F) : never

/** The entries that say one of these. */
export function recorded<What extends Fact['what']>(
  entries: readonly Entry[],
  ...what: readonly What[]
): Recorded<Saying<Fact, What>>[] {
  const wanted: ReadonlySet<string> = new Set(what)
  return entries.filter((entry): entry is Recorded<Saying<Fact, What>> & Entry => wanted.has(entry.what))
}

/** When this was first said; undefined when the run did not come so far. */
export const momentOf = (entries: readonly Entry[], what: Fact['what']): number | undefined =>
  entries.find(entry => entry.what === what)?.at

/** An instant as people read it in a list of findings. */
export const clock = (at: number): string => new Date(at).toISOString().slice(11)
