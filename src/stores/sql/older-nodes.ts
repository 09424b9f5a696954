import { setTimeout as sleep } from 'node:timers/promises'
import type { EscapementError } from '../../core/errors.ts'
import { hasExpired, observe, type Observation } from '../../core/lease.ts'
import { mismatch } from './migration.ts'

/** A node that counts as alive, of a release that knows fewer migrations than are needed. */
export interface OlderNode {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly counter: number
}

/** How a store finds such nodes. */
export interface OlderNodes {
  /** The name of the books in errors. */
  readonly books: string
  readonly list: () => Promise<readonly OlderNode[]>
  /** By compare-and-set on the counter that was seen. */
  readonly markLost: (node: OlderNode) => Promise<unknown>
}

export interface Watching {
  /** How long a counter must stand still before its node counts as dead: twice the default lease. */
  readonly stillMs: number
  readonly lookEveryMs: number
}

export const WATCHING: Watching = { stillMs: 30_000, lookEveryMs: 1_000 }
const RENEW_EVERY_MS = 5_000

/**
 * Resolves when all nodes that are alive can work on the books once they are migrated. Nodes that died without leaving
 * are found by their counters, as every observer does (rule 6), and marked lost.
 *
 * @throws EscapementError `migration-mismatch` as soon as an older node turns out to be alive.
 */
export async function untilNoneIsOlder(nodes: OlderNodes, { stillMs, lookEveryMs }: Watching): Promise<void> {
  const observations = new Map<string, Observation>()
  for (;;) {
    const askedAt = performance.now()
    const older = await nodes.list()
    const answeredAt = performance.now()
    const alive = older.filter(({ id, counter }) => (observations.get(id)?.counter ?? counter) !== counter)
    if (alive.length > 0) throw olderNodesError(nodes.books, alive)
    for (const node of older) {
      const observation = observe(
        observations.get(node.id),
        { counter: node.counter, askedAt, answeredAt },
        RENEW_EVERY_MS
      )
      observations.set(node.id, observation)
      if (hasExpired(observation, stillMs)) await nodes.markLost(node)
    }
    if (older.length === 0) return
    await sleep(lookEveryMs)
  }
}

export function olderNodesError(books: string, nodes: readonly OlderNode[]): EscapementError {
  const names = nodes.map(({ id, host, pid }) => `${id} (${host}, process ${pid})`)
  return mismatch(
    books,
    `${names.join(', ')} can't work with it after a migration of this release; first stop every process of the earlier release`
  )
}

/**
 * @throws EscapementError `migration-mismatch` when the books were migrated after they were opened, and this node's
 * release can't work on them any more.
 */
export function assertStillFits(books: string, needed: number, known: number): void {
  if (needed > known)
    throw mismatch(books, `a newer release has migrated it, and a release that knows ${known} can't work with it`)
}
