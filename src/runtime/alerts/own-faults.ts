import { openedBy } from '../../core/alerts/life.ts'
import { messageOf } from '../../core/job/thrown.ts'
import type { Store } from '../../store/store.ts'
import type { Emitter } from '../events/emitter.ts'

/** With the pauses between them, so many failures in a row are more than 20 s. */
const FAILURES = 8

export interface OwnFaultsOptions {
  readonly store: Store
  readonly events: Emitter
  readonly process: { readonly host: string; readonly pid: number }
}

/** Loops of this process that keep failing: it reports them for as long as they do. */
export class OwnFaults {
  readonly #options: OwnFaultsOptions
  readonly #failing = new Map<string, { readonly why: string; readonly since: number | undefined }>()

  constructor(options: OwnFaultsOptions) {
    this.#options = options
    const { events } = options
    events.on('loop.failed', ({ loop, error, failures }) => {
      if (failures < FAILURES) return
      const why = `the loop "${loop}" of this process has failed ${failures} times in a row: ${messageOf(error)}`
      this.#failing.set(loop, { why, since: this.#failing.get(loop)?.since })
    })
    events.on('loop.recovered', ({ loop }) => void this.#failing.delete(loop))
  }

  async report(): Promise<void> {
    const { store, process } = this.#options
    for (const [loop, { why, since: known }] of this.#failing) {
      const now = await store.now()
      const since = known ?? now
      if (this.#failing.has(loop)) this.#failing.set(loop, { why, since })
      const subject = `${process.host}:${process.pid} ${loop}`
      await store.reportIncident(
        openedBy({ rule: 'error', subject, since, why: why.slice(0, 500) }, { now, newId: () => `${subject} ${now}` })
      )
    }
  }
}
