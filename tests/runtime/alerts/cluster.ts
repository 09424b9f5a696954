import { onTestFinished } from 'vitest'
import { channel } from '../../../src/core/alerts/channel.ts'
import type { NoticeView } from '../../../src/core/alerts/channel.ts'
import { AlertWatch } from '../../../src/runtime/alerts/alert-watch.ts'
import { Emitter } from '../../../src/runtime/events/emitter.ts'
import { resolveSettings } from '../../../src/settings/resolve.ts'
import type { EscapementConfig } from '../../../src/settings/settings.ts'
import type { Store } from '../../../src/store/store.ts'
import type { ManualNode, ManualNodeOptions } from '../../../src/testing/manual-node.ts'
import { Lab, LEASE_TTL_MS, turn } from '../lab.ts'

export type AlertConfig = NonNullable<EscapementConfig['alerts']>

interface Watcher {
  readonly watch: AlertWatch
  readonly events: Emitter
  readonly store: Store
}

/** Three watchers on one store, nodes that work, and a channel that everybody has. Time passes in steps of 5 s. */
export class Cluster {
  readonly lab = new Lab()
  readonly sent: NoticeView[] = []
  readonly keys: string[] = []
  readonly beats: string[] = []
  readonly watchers: Watcher[]
  readonly nodes: ManualNode[] = []
  /** What the channel does instead of taking a notice. */
  refuse: (() => unknown) | undefined

  constructor(config: AlertConfig = {}, watchers = 3) {
    const taking = channel('chat', (notice, { idempotencyKey }) => {
      if (this.refuse !== undefined) return this.refuse()
      this.keys.push(idempotencyKey)
      this.sent.push(notice)
      return undefined
    })
    this.watchers = Array.from({ length: watchers }, (_, index) => this.#watcher(config, taking, index))
  }

  #watcher(config: AlertConfig, taking: ReturnType<typeof channel>, index: number): Watcher {
    const { alerts } = resolveSettings({ database: 'memory:', alerts: { channels: [taking], ...config } }, {})
    const [store, events] = [this.lab.store(), new Emitter()]
    const watch = new AlertWatch({
      store,
      clock: this.lab.clock,
      events,
      settings: alerts,
      channels: alerts.channels ?? [],
      leaseTtlMs: LEASE_TTL_MS,
      process: { host: 'harbour', pid: index },
      beat: async url => void this.beats.push(url)
    })
    return { watch, events, store }
  }

  async node(options: ManualNodeOptions): Promise<ManualNode> {
    const node = await this.lab.started(options)
    this.nodes.push(node)
    onTestFinished(() => node.stop())
    return node
  }

  /** One of the watchers dies. */
  kill(index: number): void {
    this.watchers.splice(index, 1)
  }

  /** A node dies without leaving. */
  silence(node: ManualNode): void {
    this.nodes.splice(this.nodes.indexOf(node), 1)
  }

  /** Everything that runs does its steps, every 5 s; the watchers all at once. */
  async pass(ms: number, work: (node: ManualNode) => Promise<unknown> = does): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 5_000) {
      this.lab.clock.set(this.lab.clock.now() + 5_000)
      for (const node of this.nodes) {
        await node.renew()
        if (node.node.roles.includes('scheduler')) await node.tick()
        await work(node)
      }
      await Promise.all(this.watchers.map(({ watch }) => watch.step()))
      await turn()
    }
  }

  /** What was told, in its order. */
  get told(): string[] {
    return this.sent.map(({ title }) => title)
  }
}

/** Runs what is due. */
export const does = (node: ManualNode): Promise<void> =>
  node.node.roles.includes('worker') ? node.work() : Promise.resolve()
/** Claims nothing. */
export const rests = async (): Promise<void> => undefined
