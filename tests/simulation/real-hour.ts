import { setImmediate } from 'node:timers/promises'
import { verifyBooks } from '../../src/views/verification.ts'
import { schedule } from '../../src/core/schedule/declare.ts'
import { task } from '../../src/core/job/task.ts'
import { cron } from '../../src/core/trigger/cron/cron.ts'
import { every } from '../../src/core/trigger/every.ts'
import type { MemoryTransaction } from '../../src/stores/memory/effects.ts'
import { createMemoryBooks, idSequence, ManualClock, ManualNode, openMemoryStore } from '../../src/testing.ts'
import { Chance } from './chance.ts'
import { wrongCounts, wrongEffects, wrongTotals } from './findings.ts'

const START = Date.UTC(2026, 9, 25, 0, 30)
const HOUR_MS = 3_600_000
const MAX_DRAIN_MS = 600_000
const NODES = 3
/** Of the event loop: more than any step takes that does not wait for time to pass. */
const TURNS_OF_A_STEP = 6

interface Sleeper {
  readonly wakesAt: number
  readonly wake: () => void
}

/** A process around a node as it is published: its whole worker runs, handlers that take their time included. */
interface Process {
  node: ManualNode
  clock: ManualClock
  /** Handlers under way. Those of a process that died are forgotten, and never go on. */
  sleepers: Sleeper[]
  state: 'up' | 'frozen' | 'down'
  returnsAt: number
  /** Its last step has not ended. */
  isBusy: boolean
}

/** Three nodes as they are published, stepped by hand through an hour in which processes die and freeze. */
export class RealHour {
  readonly books = createMemoryBooks('00000000-0000-4000-8000-000000000000')
  readonly tally = { stale: 0, rescued: 0, leasesLost: 0 }
  readonly #chance: Chance
  readonly #newId = idSequence()
  #processes: Process[] = []
  #now = START

  constructor(seed: number) {
    this.#chance = new Chance(seed)
  }

  async live(): Promise<readonly string[]> {
    this.#processes = await Promise.all(Array.from({ length: NODES }, () => this.#boot()))
    const endAt = START + HOUR_MS
    while (this.#now < endAt) {
      await this.#moveOn(Math.min(this.#chance.between(500, 5_000), endAt - this.#now))
      for (const process of this.#processes) await this.#step(process, true)
      if (this.#chance.in100(2)) this.#strike(this.#chance.pick(this.#processes))
    }
    await this.#drain()
    const clock = new ManualClock(this.#now)
    const { schedules } = await verifyBooks(openMemoryStore({ clock, books: this.books }), {
      from: undefined,
      to: endAt
    })
    const left = this.books.unfinished.size === 0 ? [] : [`${this.books.unfinished.size} jobs were not finished.`]
    return [...left, ...schedules.flatMap(wrongCounts), ...wrongEffects(this), ...wrongTotals(this)]
  }

  async #boot(): Promise<Process> {
    const clock = new ManualClock(this.#now)
    const sleepers: Sleeper[] = []
    const tasks = [this.#task(sleepers)]
    const schedules = Array.from({ length: 30 }, (_, index) => {
      const trigger =
        index % 3 === 0 ? cron(`*/${1 + index} * * * *`, { timezone: 'Europe/Berlin' }) : every(`${7 + index * 3}s`)
      return schedule(`s${index}`, {
        task: tasks[0]!,
        trigger,
        overlap: index % 4 === 0 ? 'allow' : 'skip',
        coalesce: index % 5 === 0 ? 'all' : 'latest'
      })
    })
    const node = new ManualNode({
      clock,
      books: this.books,
      tasks,
      schedules,
      newId: this.#newId,
      random: this.#chance.fraction
    })
    node.events.on('job.rescued', () => void this.tally.rescued++)
    node.events.on('node.lease-lost', () => void this.tally.leasesLost++)
    await node.start()
    return { node, clock, sleepers, state: 'up', returnsAt: Infinity, isBusy: false }
  }

  #task(sleepers: Sleeper[]) {
    return task('work', {
      handler: async ({ scheduleId: id, fireAt, transaction }) => {
        const durationMs = this.#chance.in100(70) ? 0 : this.#chance.between(1, 20_000)
        if (durationMs > 0) await new Promise<void>(wake => sleepers.push({ wakesAt: this.#now + durationMs, wake }))
        if (this.#chance.in100(3)) throw new Error('The harbour did not answer.')
        try {
          return await transaction(tx => countEffect(tx as unknown as MemoryTransaction, `${id}@${fireAt?.getTime()}`))
        } catch (error) {
          this.tally.stale++
          throw error
        }
      }
    })
  }

  #strike(process: Process): void {
    if (process.state !== 'up') return
    process.state = this.#chance.pick(['frozen', 'down'])
    process.returnsAt = this.#now + this.#chance.between(1_000, 60_000)
  }

  /** Time goes on for all, but a frozen process notices only when it goes on itself. */
  async #moveOn(ms: number): Promise<void> {
    this.#now += ms
    for (const process of this.#processes) {
      if (process.returnsAt <= this.#now) await this.#comeBack(process)
      if (process.state === 'up') await process.clock.advance(this.#now - process.clock.now())
    }
  }

  async #comeBack(process: Process): Promise<void> {
    if (process.state === 'down') return void Object.assign(process, await this.#boot())
    Object.assign(process, { state: 'up', returnsAt: Infinity })
    // A zombie: its handlers write before its own clock tells it how much time has passed.
    if (this.#chance.in100(50)) await this.#wake(process)
  }

  /** A node that has lost its lease waits for its handlers before it goes on, and time must not wait for it. */
  async #step(process: Process, decides: boolean): Promise<void> {
    if (process.state !== 'up') return
    await this.#wake(process)
    if (process.isBusy) return
    process.isBusy = true
    const work = this.#work(process.node, decides).finally(() => (process.isBusy = false))
    await Promise.race([work, turns(TURNS_OF_A_STEP)])
  }

  async #work(node: ManualNode, decides: boolean): Promise<void> {
    await node.renew()
    await node.sweep()
    if (decides) await node.tick()
    await node.claim()
    await setImmediate()
    await node.settle()
  }

  async #wake(process: Process): Promise<void> {
    const awake = process.sleepers.filter(({ wakesAt }) => wakesAt <= this.#now)
    const asleep = process.sleepers.filter(({ wakesAt }) => wakesAt > this.#now)
    process.sleepers.splice(0, Infinity, ...asleep)
    for (const { wake } of awake) wake()
    await setImmediate()
  }

  async #drain(): Promise<void> {
    const giveUpAt = this.#now + MAX_DRAIN_MS
    while (this.books.unfinished.size > 0 && this.#now < giveUpAt) {
      await this.#moveOn(2_000)
      for (const process of this.#processes) await this.#step(process, false)
    }
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate()
}

function countEffect({ effects }: MemoryTransaction, key: string): void {
  effects.set(key, Number(effects.get(key) ?? 0) + 1)
}
