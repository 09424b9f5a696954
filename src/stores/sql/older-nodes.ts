import { setTimeout as sleep } from 'node:timers/promises'
import type { EscapementError } from '../../core/errors.ts'
import { hasExpired, observe, type Observation } from '../../core/lease.ts'
import type { WatchOptions } from '../../store/kind.ts'
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
  /** How long a counter must stand still before its node counts as dead. */
  readonly stillMs: number
  readonly lookEveryMs: number
  /** Told once, before the first wait. */
  readonly onOlderNodes?: WatchOptions['onOlderNodes']
}

const RENEW_EVERY_MS = 5_000
const MIN_STILL_MS = 30_000
const LOOK_EVERY_MS = 1_000

/** The other release may have had a longer lease than this one: a counter has to stand still twice as long. */
export function watchingOf({ leaseTtlMs = 0, onOlderNodes }: WatchOptions): Watching {
  return { stillMs: Math.max(MIN_STILL_MS, 2 * leaseTtlMs), lookEveryMs: LOOK_EVERY_MS, onOlderNodes }
}

/**
 * Resolves when all nodes that are alive can work on the books once they are migrated. Nodes that died without leaving
 * are found by their counters, as every observer does (rule 6), and marked lost.
 *
 * @throws EscapementError `migration-mismatch` as soon as an older node turns out to be alive.
 */
export async function untilNoneIsOlder(nodes: OlderNodes, watching: Watching): Promise<void> {
  const { stillMs, lookEveryMs, onOlderNodes } = watching
  const observations = new Map<string, Observation>()
  let isTold = false
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
    if (!isTold) onOlderNodes?.({ nodes: older.map(inWords), forMs: stillMs })
    isTold = true
    await sleep(lookEveryMs)
  }
}

const inWords = ({ id, host, pid }: OlderNode): string => `${id} (${host}, process ${pid})`

export function olderNodesError(books: string, nodes: readonly OlderNode[]): EscapementError {
  return mismatch(
    books,
    `${nodes.map(inWords).join(', ')} can't work with it after a migration of this release; first stop every process of the earlier release`
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
