import type { Clock } from '../../clock/clock.ts'
import { FLAP_MS, type Incident } from '../../core/alerts/incident.ts'
import { liveOn } from '../../core/alerts/life.ts'
import { judge } from '../../core/alerts/rules/judge.ts'
import { tell } from '../../core/alerts/tell.ts'
import type { AlertChannel } from '../../core/alerts/channel.ts'
import type { AlertSettings } from '../../settings/settings.ts'
import type { AlertPass } from '../../store/alerts.ts'
import type { Store } from '../../store/store.ts'
import type { Emitter } from '../events/emitter.ts'
import { ClockWatch } from './clock-watch.ts'
import { Courier } from './courier.ts'
import { policyFrom, windowsOf } from './ground.ts'
import { OwnFaults } from './own-faults.ts'
import { lookAtBooks } from './look-at-books.ts'
import { beginningOf, type PassMemory } from './pass-memory.ts'

/** One process in each such interval looks at the books for all. */
const PASS_EVERY_MS = 10_000
const KEEP_INCIDENTS_MS = 90 * 86_400_000
const KEEP_NOTICES_MS = 7 * 86_400_000

export interface AlertWatchOptions {
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly settings: AlertSettings
  readonly channels: readonly AlertChannel[]
  readonly leaseTtlMs: number
  /** Of this process, for what it reports of itself. */
  readonly process: { readonly host: string; readonly pid: number }
  /** Tells a watcher outside that a pass was finished. */
  readonly beat: (url: string) => Promise<void>
}

/** Looks at the books in turn with the other processes, keeps incidents, and sends notices. */
export class AlertWatch {
  readonly #options: AlertWatchOptions
  readonly #courier: Courier
  readonly #clockWatch: ClockWatch
  readonly #ownFaults: OwnFaults

  constructor(options: AlertWatchOptions) {
    this.#options = options
    const { store, clock, events, channels, process } = options
    this.#courier = new Courier({ store, clock, events, channels })
    this.#clockWatch = new ClockWatch(store, clock)
    this.#ownFaults = new OwnFaults({ store, events, process })
  }

  /** Looks if it is the turn of this process, then sends what is due. Resolves with the milliseconds until the next step. */
  async step(): Promise<number> {
    await this.#ownFaults.report()
    const pass = (await this.#clockWatch.isBelieved()) ? await this.#options.store.takePass(PASS_EVERY_MS) : undefined
    if (pass !== undefined) await this.#look(pass)
    return (await this.#courier.step()) ? 0 : PASS_EVERY_MS
  }

  async #look(pass: AlertPass): Promise<void> {
    const { store, settings, leaseTtlMs, channels } = this.#options
    const now = pass.beganAt
    const { memory, from } = beginningOf(pass, now, this.#clockWatch)
    const incidents = await store.readIncidents(now - FLAP_MS)
    const policy = policyFrom(settings)
    const { seen, memory: remembered } = await lookAtBooks({
      store,
      policy,
      now,
      from,
      memory,
      leaseTtlMs,
      incidents
    })
    let opened = 0
    const newId = (): string => `${pass.number}.${opened++}`
    const changed = liveOn(incidents, judge(seen, policy), { now, newId })
    const current = merged(incidents, changed)
    const tidings = tell(current, {
      now,
      pass: pass.number,
      storms: memory.storms,
      channels: channels.map(({ name }) => name),
      critical: new Set(settings.critical),
      quietHours: settings.quietHours,
      mutes: windowsOf(settings.mutes)
    })
    const minute = Math.floor(now / 60_000)
    const written = merged(changed, tidings.changed)
    const isOld = new Set(incidents.map(({ id }) => id))
    const outcome = await store.writePass({
      number: pass.number,
      opened: written.filter(({ id }) => !isOld.has(id)),
      changed: written.filter(({ id }) => isOld.has(id)),
      notices: tidings.notices,
      memory: JSON.stringify({ ...remembered, storms: tidings.storms, heartbeatMinute: minute } satisfies PassMemory),
      dropIncidentsBefore: now - KEEP_INCIDENTS_MS,
      dropNoticesBefore: now - KEEP_NOTICES_MS
    })
    if (outcome === 'stale') return
    this.#announce(incidents, changed)
    if (minute > memory.heartbeatMinute) await this.#beat()
  }

  #announce(before: readonly Incident[], changed: readonly Incident[]): void {
    const { events } = this.#options
    const wasOpen = new Set(before.filter(({ resolvedAt }) => resolvedAt === undefined).map(({ id }) => id))
    for (const { id: incidentId, rule, subject, why, resolvedAt, since } of changed) {
      if (resolvedAt === undefined && !wasOpen.has(incidentId))
        events.emit('alert.opened', { incidentId, rule, subject, why })
      if (resolvedAt !== undefined && wasOpen.has(incidentId))
        events.emit('alert.resolved', { incidentId, rule, subject, lastedMs: resolvedAt - since })
    }
  }

  /** A heartbeat that fails is not repeated: that it stays away is what the watcher outside waits for. */
  async #beat(): Promise<void> {
    const { settings, events, beat } = this.#options
    if (settings.heartbeatUrl === undefined) return
    try {
      await beat(settings.heartbeatUrl)
    } catch (error) {
      events.emit('alert.heartbeat-failed', { error: error instanceof Error ? error : new Error(String(error)) })
    }
  }
}

/** The first with the second in their places, by id. */
function merged(incidents: readonly Incident[], changed: readonly Incident[]): Incident[] {
  const all = new Map(incidents.map(incident => [incident.id, incident]))
  for (const incident of changed) all.set(incident.id, incident)
  return [...all.values()]
}
