import type { DeclaredSet, KnownSet, Redaction } from '../../store/declarations.ts'
import type { Declared, NodeRecord } from '../../store/nodes.ts'
import type { MemoryBooks } from './books.ts'

const keyOf = ({ app, hash }: Pick<Declared, 'app' | 'hash'>): string => `${app}\n${hash}`

export function keepSet(books: MemoryBooks, set: DeclaredSet): void {
  const number = books.sets.get(keyOf(set))?.number ?? greatestNumber(books) + 1
  books.sets.set(keyOf(set), { ...set, number })
}

const greatestNumber = (books: MemoryBooks): number =>
  [...books.sets.values()].reduce((greatest, { number }) => Math.max(greatest, number), 0)

export function readSets(
  books: MemoryBooks,
  sets: readonly Pick<Declared, 'app' | 'hash'>[],
  withMembers: boolean
): KnownSet[] {
  const known = sets.map(set => books.sets.get(keyOf(set))).filter(set => set !== undefined)
  return withMembers ? known : known.map(set => ({ ...set, members: undefined }))
}

export function keepRedactions(books: MemoryBooks, redactions: readonly Redaction[]): void {
  for (const { task, path } of redactions)
    books.redactions.set(task, new Set([...(books.redactions.get(task) ?? []), path]))
}

export function readRedactions(books: MemoryBooks): Redaction[] {
  const all = Array.from(books.redactions, ([task, paths]) => Array.from(paths, path => ({ task, path }))).flat()
  return all.sort((a, b) => (a.task === b.task ? compare(a.path, b.path) : compare(a.task, b.task)))
}

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

export function describeNode(
  books: MemoryBooks,
  nodeId: string,
  { tasks, declares }: Pick<NodeRecord, 'tasks' | 'declares'>
): void {
  const node = books.nodes.get(nodeId)
  if (node?.phase === 'alive') books.nodes.set(nodeId, { ...node, tasks, declares })
}

/** How many set numbers are remembered, so that an old deployment that comes back is recognized. */
const REMEMBERED_SETS = 1_000

export function pruneSets(books: MemoryBooks): void {
  const declared = new Set([...books.nodes.values()].flatMap(({ declares }) => declares.map(keyOf)))
  const oldest = greatestNumber(books) - REMEMBERED_SETS
  for (const [key, set] of books.sets) {
    if (declared.has(key)) continue
    if (set.number <= oldest) books.sets.delete(key)
    else books.sets.set(key, { ...set, members: undefined })
  }
}
