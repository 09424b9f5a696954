/** How many of the first items have different ids: statements report by id which items of a batch they have written. */
export function distinctCount(batch: readonly { readonly id: string }[]): number {
  const ids = new Set<string>()
  const repeated = batch.findIndex(({ id }) => ids.size === ids.add(id).size)
  return repeated < 0 ? batch.length : repeated
}
