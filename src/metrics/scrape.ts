import type { Clock } from '../clock/clock.ts'
import type { AlertRule } from '../core/alerts/rule.ts'
import type { Store } from '../store/store.ts'
import { unknownTasks } from '../views/nodes.ts'
import { exposition, textOf } from './exposition.ts'
import { type HostShares, hostShares, type ProcessorTime, processorTime } from './host-shares.ts'
import { metricsOf } from './metrics-of.ts'
import type { Counted } from './metric-source.ts'

/** Counting a large backlog takes longer than a scrape may. */
const COUNT_EVERY_MS = 15_000

export interface ScrapeOptions {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly version: string
  /** The schedules that have to succeed within a time, in milliseconds, by their ids. */
  readonly successWithin: ReadonlyMap<string, number>
}

/** The metrics of the cluster, read from the books of which one is given. */
export class Scraper {
  readonly #options: ScrapeOptions
  #counted: Counted | undefined
  #countedAt = Number.NEGATIVE_INFINITY
  #counting: Promise<void> | undefined
  #processors: ProcessorTime = processorTime()

  constructor(options: ScrapeOptions) {
    this.#options = options
  }

  /**
   * Reads what is kept, and begins to count unfinished jobs again if that was done 15 s ago or earlier. Only the first
   * scrape waits for the count.
   */
  async scrape(store: Store, format: keyof typeof exposition): Promise<string> {
    const counting = this.#count(store)
    if (this.#counted === undefined) await counting
    const { version, successWithin } = this.#options
    const [now, nextFireAt, totals, nodes, seats, incidents, health] = await Promise.all([
      store.now(),
      store.nextDueAt(),
      store.readTotals(),
      store.listNodes(),
      store.listSeats(),
      openIncidents(store),
      successWithin.size === 0 ? [] : store.readHealth([...successWithin.keys()])
    ])
    const cluster = { totals, nodes, seats, incidents, health }
    const source = { now, version, nextFireAt, ...cluster, successWithin, counted: this.#counted }
    return textOf(metricsOf(source), format)
  }

  /** How much of this host is in use; of the processors since the call before. */
  async hostShares(): Promise<HostShares> {
    const before = this.#processors
    this.#processors = processorTime()
    return hostShares(before, this.#processors)
  }

  /** A count that fails leaves the last one, whose age is a metric. */
  #count(store: Store): Promise<void> | undefined {
    const now = this.#options.clock.monotonic()
    if (this.#counting !== undefined || now - this.#countedAt < COUNT_EVERY_MS) return this.#counting
    this.#countedAt = now
    this.#counting = count(store)
      .then(counted => void (this.#counted = counted))
      .catch(() => undefined)
      .finally(() => (this.#counting = undefined))
    return this.#counting
  }
}

async function openIncidents(store: Store): Promise<AlertRule[]> {
  const incidents = await store.readIncidents(Number.MAX_SAFE_INTEGER)
  return incidents.flatMap(({ rule, resolvedAt }) => (resolvedAt === undefined ? [rule] : []))
}

async function count(store: Store): Promise<Counted> {
  const [at, queues, backlogs, nodes, { lanes }] = await Promise.all([
    store.now(),
    store.listQueues(),
    store.taskBacklogs(),
    store.listNodes(),
    store.readWaiting()
  ])
  const oldest = new Map<string, number>()
  for (const { queue, runAt } of lanes) oldest.set(queue, Math.min(runAt, oldest.get(queue) ?? Infinity))
  return { at, queues, oldest, unknownTasks: unknownTasks(backlogs, nodes).length }
}
