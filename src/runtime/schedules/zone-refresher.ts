import { underZoneData } from '../../core/schedule/decide.ts'
import { newestData } from '../../core/trigger/timezone-data.ts'
import type { ReadSchedule, ScheduleWrite } from '../../store/schedules.ts'
import type { Store } from '../../store/store.ts'
import type { Emitter } from '../events/emitter.ts'
import { isAlive } from '../../store/nodes.ts'

const LOOK_EVERY_MS = 60_000
/**
 * A process that is no node, such as the command line, may write with other data: all schedules are searched now and
 * then.
 */
const LOOKS_PER_SEARCH = 10
const BATCH = 500
/** The pause between two full batches, which leaves the store to others. */
const REST_BETWEEN_BATCHES_MS = 10

export interface ZoneRefresherOptions {
  readonly store: Store
  readonly events: Emitter
  /** The data of this Node. */
  readonly timezoneData: string
  /** Called when fire times have moved: one may be due. */
  readonly onRefreshed: () => void
}

/**
 * Recomputes next fire times that were computed with other time-zone data. Of the live nodes that schedule, those with
 * the newest data do it. So in a mixed fleet the newest data wins, and after a return to older data the older.
 */
export class ZoneRefresher {
  readonly #options: ZoneRefresherOptions
  #looks = 0
  /** The search continues after this id. Undefined: no search is under way. */
  #afterId: string | undefined
  #counts = { schedules: 0, moved: 0 }

  constructor(options: ZoneRefresherOptions) {
    this.#options = options
  }

  /** Looks once, or handles one batch of the search. Resolves with the milliseconds until the next step. */
  async tick(): Promise<number> {
    if (this.#afterId === undefined && !(await this.#wantsSearch())) return LOOK_EVERY_MS
    const { store, timezoneData } = this.#options
    const page = { afterId: this.#afterId ?? '', limit: BATCH }
    const schedules = await store.schedulesUnderOtherZoneData(timezoneData, page)
    await this.#refresh(schedules)
    this.#afterId = schedules.length < BATCH ? undefined : schedules.at(-1)!.state.id
    if (this.#afterId !== undefined) return REST_BETWEEN_BATCHES_MS
    this.#tell()
    return LOOK_EVERY_MS
  }

  async #wantsSearch(): Promise<boolean> {
    const { store, timezoneData } = this.#options
    const nodes = (await store.listNodes()).filter(({ roles }) => roles.includes('scheduler'))
    const alive = nodes.filter(isAlive).map(node => node.timezoneData)
    if (newestData([timezoneData, ...alive]) !== timezoneData) return false
    const isMixed = nodes.some(node => node.timezoneData !== timezoneData)
    return this.#looks++ % LOOKS_PER_SEARCH === 0 || isMixed
  }

  async #refresh(schedules: readonly ReadSchedule[]): Promise<void> {
    const { store, timezoneData } = this.#options
    const movedBefore = this.#counts.moved
    const writes = schedules.map(({ state }) => refreshed(state, timezoneData)).filter(write => write !== undefined)
    if (writes.length === 0) return
    const answers = await (store.sparing ?? store).writeSchedules(writes)
    writes.forEach(({ guard, state }, index) => {
      // Somebody faster has decided or recomputed it.
      if (answers[index] !== 'written') return
      this.#counts.schedules++
      if (guard?.nextFireAt !== state.nextFireAt) this.#counts.moved++
    })
    if (this.#counts.moved > movedBefore) this.#options.onRefreshed()
  }

  #tell(): void {
    const { events, timezoneData } = this.#options
    if (this.#counts.schedules > 0) events.emit('schedule.refreshed', { ...this.#counts, timezoneData })
    this.#counts = { schedules: 0, moved: 0 }
  }
}

/** A trigger that this release cannot read is left to releases that can. */
function refreshed(
  before: ReadSchedule['state'],
  timezoneData: string
): (ScheduleWrite & { readonly guard?: ReadSchedule['state'] }) | undefined {
  try {
    return { guard: before, state: underZoneData(before, timezoneData), ledger: [], jobs: [], timeline: [] }
  } catch {
    return undefined
  }
}
