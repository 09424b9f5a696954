import type { Declaration } from '../../src/core/schedule/change.ts'
import { timezoneData } from '../../src/core/trigger/timezone-data.ts'
import { Emitter } from '../../src/runtime/events/emitter.ts'
import { Scheduler } from '../../src/runtime/schedules/scheduler.ts'
import type { Store } from '../../src/store/store.ts'
import { createMemoryBooks, type MemoryBooks } from '../../src/stores/memory/books.ts'
import { openMemoryStore } from '../../src/stores/memory/store.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { Agenda } from './agenda.ts'
import { Chance } from './chance.ts'
import { MONTH_MS, MONTHS } from './definitions.ts'
import { LEASE_TTL_MS, RENEW_EVERY_MS, SimulatedProcess } from './process.ts'
import { Witness } from './witness.ts'

/** Breaks a promise of the store, to see that the findings tell. */
export type Sabotage = (store: Store, books: MemoryBooks) => Store

/** How soon a process looks again at something that it left undone. */
const LOOK_AGAIN_MS = 1_000

/** Three processes on one store, each with its own clock, and the true time, by which things happen to them. */
export class World {
  readonly chance: Chance
  readonly clock: ManualClock
  readonly startAt: number
  readonly endAt: number
  readonly books: MemoryBooks = createMemoryBooks('00000000-0000-4000-8000-000000000000')
  readonly agenda = new Agenda()
  readonly witness: Witness
  readonly processes: readonly SimulatedProcess[]
  /** What code says of each schedule, in its newest release. */
  readonly declared = new Map<string, Declaration>()
  /** Of one who asks no process, and whose clock is right. */
  readonly trueStore: Store
  readonly trueScheduler: Scheduler
  /** As they were when all processes had started for the first time. */
  declaredAtFirst: ReadonlyMap<string, Declaration> = new Map()
  startsAtFirst: ReadonlyMap<string, number> = new Map()
  #numbers = 1

  constructor(seed: number, sabotage: Sabotage = store => store) {
    this.chance = new Chance(seed)
    this.startAt = this.chance.pick(MONTHS)
    this.endAt = this.startAt + MONTH_MS
    this.clock = new ManualClock(this.startAt)
    this.witness = new Witness(this.books, nodeId => this.#isLiving(nodeId))
    const open = (clock: ManualClock): Store =>
      this.witness.beside(sabotage(openMemoryStore({ clock, books: this.books }), this.books))
    this.trueStore = open(this.clock)
    const { chance, trueStore: store } = this
    this.trueScheduler = new Scheduler({
      store,
      events: new Emitter(),
      timezoneData,
      nodeId: () => 'true',
      random: chance.fraction
    })
    const trueNow = (): number => this.clock.now()
    this.processes = ['ada', 'bob', 'cyd'].map(name => new SimulatedProcess({ name, chance, trueNow, open }))
  }

  noteFirstStart(): void {
    this.declaredAtFirst = new Map(this.declared)
    this.startsAtFirst = new Map(this.witness.startsCreated)
  }

  /** Greater each time. */
  nextNumber(): number {
    return ++this.#numbers
  }

  get now(): number {
    return this.clock.now()
  }

  get up(): SimulatedProcess[] {
    return this.processes.filter(process => process.state === 'up')
  }

  /** Moves every clock; that of a machine which sleeps tells the time when it wakes, but has not counted it. */
  moveTo(at: number): void {
    const ms = at - this.now
    this.clock.set(at)
    for (const { clock, isSuspended } of this.processes) {
      if (isSuspended) clock.jump(ms)
      else clock.set(clock.now() + ms)
    }
  }

  /** When something will happen, be it now or never. */
  nextAt(decides: boolean): number {
    return Math.max(this.now, Math.min(this.agenda.nextAt, this.#nextOfProcesses(decides)))
  }

  #nextOfProcesses(decides: boolean): number {
    const { up } = this
    if (up.length === 0) return Infinity
    const again = this.now + LOOK_AGAIN_MS
    const due = decides ? this.#seenAt(this.books.due.first?.nextFireAt) : Infinity
    const waiting = Math.min(...Array.from(this.books.lanes.values(), lane => this.#seenAt(lane.waiting.first?.runAt)))
    const ready = this.#couldClaim() ? again : Infinity
    const ends = Math.min(...up.flatMap(process => Array.from(process.held.values(), attempt => attempt.endsAt)))
    const round = this.isTroubled ? this.now + RENEW_EVERY_MS : Infinity
    return Math.min(...[due, waiting, ends].map(at => (at <= this.now ? again : at)), ready, round)
  }

  /** The true time at which the first clock of all shows the instant. */
  #seenAt(instant: number | undefined): number {
    if (instant === undefined) return Infinity
    return Math.min(...this.up.map(({ clock }) => instant - clock.now() + this.now))
  }

  #couldClaim(): boolean {
    const lanes = [...this.books.lanes.values()]
    const { up } = this
    if (lanes.some(lane => lane.ready.first !== undefined)) return up.some(process => process.canClaim)
    return lanes.some(lane => lane.solo.first !== undefined) && up.some(process => process.held.size === 0)
  }

  /** Whether the books hold a node or an attempt behind which no process stands. Only then do the heartbeats matter. */
  get isTroubled(): boolean {
    const upByIdentity = new Map(this.up.map(process => [process.identity, process]))
    for (const node of this.books.nodes.values()) if (node.phase === 'alive' && !upByIdentity.has(node.id)) return true
    for (const [node, jobs] of this.books.running) {
      const process = upByIdentity.get(node)
      for (const job of jobs.values()) if (process?.held.get(job.id)?.job.fence !== job.fence) return true
    }
    return false
  }

  #isLiving(nodeId: string): boolean {
    const living = this.up.find(process => process.identity === nodeId)
    return living !== undefined && living.aliveSince + LEASE_TTL_MS < this.now
  }
}
