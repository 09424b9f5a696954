/**
 * Creates a function that returns UUIDs in order, the same in every run of a test. `first` keeps several nodes' ids
 * apart.
 *
 * @example
 * ```ts
 * const node = new ManualNode({ tasks: [mail], newId: idSequence(0x1000) })
 * ```
 */
export function idSequence(first = 0): () => string {
  let next = first
  return () => `00000000-0000-7000-8000-${(next++).toString(16).padStart(12, '0')}`
}
