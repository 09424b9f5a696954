/** How many of them, from the first on, have ids of their own: the statements tell by the id which of a batch they have written. */
export function distinctCount(batch: readonly { readonly id: string }[]): number {
  const ids = new Set<string>()
  const repeated = batch.findIndex(({ id }) => ids.size === ids.add(id).size)
  return repeated < 0 ? batch.length : repeated
}
