import type { Books, SeatWrite } from '../../chaos/books.ts'
import type { Evidence } from '../../chaos/checker/rules.ts'
import { limitsFor } from '../../chaos/checker/limits.ts'
import type { Entry, Fact } from '../../chaos/history.ts'
import { type IntendedSchedule, RELEASE, RESTLESS, schedulesOf, UNKNOWN_TASK } from '../../chaos/workload.ts'
import type { LedgerRow } from '../../src/core/schedule/ledger.ts'
import type { ScheduleVerification } from '../../src/core/verify/verify-counts.ts'
import { randomFrom } from '../core/trigger/seed.ts'
import {
  beganAt,
  cutFrom,
  cutTo,
  doneAt,
  endAt,
  frozenAt,
  heir,
  killedAt,
  LEASE_MS,
  pausedFrom,
  pausedTo,
  resignedAt,
  sleeper,
  steady,
  thawedAt,
  victim
} from './good-cast.ts'
import { GoodJobs } from './good-jobs.ts'

/** A run that went as it should: real faults, and nothing lost by them. Every seed gives another one. */
export class GoodRun {
  readonly #random: ReturnType<typeof randomFrom>
  readonly #entries: Entry[] = []
  readonly #jobs: GoodJobs
  readonly #ledger: LedgerRow[] = []
  readonly #seatWrites: SeatWrite[] = []
  readonly #schedules: readonly IntendedSchedule[] = schedulesOf(10, endAt)

  constructor(seed: number) {
    this.#random = randomFrom(seed)
    this.#jobs = new GoodJobs(this.#random)
  }

  evidence(): Evidence {
    this.#frame()
    this.#seats()
    for (const schedule of this.#schedules) this.#live(schedule)
    this.#orders()
    const readAt = doneAt + 4_000
    const books: Books = {
      readAt,
      verifications: this.#schedules.map(({ id }) => this.#verification(id)),
      schedules: this.#schedules.map(({ id }) => ({
        id,
        createdAt: beganAt,
        phase: 'active',
        release: RELEASE,
        isOrphaned: false
      })),
      ledger: this.#ledger,
      jobs: this.#jobs.booked,
      effects: this.#jobs.effects,
      seatWrites: this.#seatWrites,
      nodes: [
        { pid: victim, phase: 'lost' },
        { pid: steady, phase: 'alive' },
        { pid: sleeper, phase: 'lost' },
        { pid: sleeper, phase: 'alive' },
        { pid: heir, phase: 'alive' }
      ]
    }
    const entries = [...this.#entries, ...this.#jobs.entries].sort((a, b) => a.at - b.at)
    return { entries, books, schedules: this.#schedules, limits: limitsFor(LEASE_MS) }
  }

  #say(by: string, at: number, fact: Fact): void {
    this.#entries.push({ ...fact, by, at })
  }

  #rig(at: number, fact: Fact): void {
    this.#say('rig', at, fact)
  }

  #frame(): void {
    for (const pid of [victim, steady, sleeper]) this.#say(`node-${pid}`, beganAt - 500, { what: 'node.started', pid })
    this.#say(`node-${heir}`, killedAt + 800, { what: 'node.started', pid: heir })
    this.#rig(beganAt, { what: 'run.began' })
    const fault = (number: number, kind: string, [from, to]: [number, number], pids: number[]): void => {
      this.#rig(from, { what: 'fault.began', number, kind, pids })
      this.#rig(to, { what: 'fault.ended', number, kind, pids })
    }
    fault(1, 'kill', [killedAt, killedAt + 1], [victim])
    fault(2, 'cut', [cutFrom, cutTo], [steady, sleeper])
    fault(3, 'freeze', [frozenAt, thawedAt], [sleeper])
    this.#rig(killedAt + 1, { what: 'process.ended', pid: victim, code: null, signal: 'SIGKILL' })
    this.#say(`node-${sleeper}`, thawedAt + 5, { what: 'node.lease-lost', pid: sleeper })
    this.#say(`node-${steady}`, cutFrom + 500, { what: 'loop.failed', pid: steady })
    this.#say(`node-${steady}`, cutTo + 300, { what: 'loop.recovered', pid: steady })
    const operated = ['schedule.pausing', 'schedule.paused', 'schedule.resuming', 'schedule.resumed'] as const
    for (const [index, at] of [pausedFrom - 9, pausedFrom, pausedTo, pausedTo + 9].entries())
      this.#rig(at, { what: operated[index] as (typeof operated)[number], schedule: RESTLESS })
    this.#rig(endAt + 200, { what: 'run.fed' })
    this.#rig(doneAt, { what: 'run.drained' })
    this.#rig(doneAt + 500, { what: 'quiet.began' })
    this.#rig(doneAt + 2_000, { what: 'quiet.ended' })
    for (const pid of [steady, sleeper, heir]) {
      this.#say(`node-${pid}`, doneAt + 2_500, { what: 'node.stopped', pid })
      this.#rig(doneAt + 2_600, { what: 'process.ended', pid, code: 0, signal: null })
    }
  }

  #seats(): void {
    const terms = [
      { term: 1, pid: victim, from: beganAt + 100 },
      { term: 2, pid: steady, from: killedAt + LEASE_MS + 500 },
      { term: 3, pid: heir, from: resignedAt + 150 }
    ]
    for (const { term, pid, from } of terms) {
      this.#say(`node-${pid}`, from, { what: 'seat.elected', pid, seat: 'primary', term })
      for (let writes = 0; writes < 3; writes++) this.#seatWrites.push({ seat: 'primary', term, pid })
    }
    this.#say(`node-${steady}`, resignedAt, { what: 'seat.deposed', pid: steady, seat: 'primary', term: 2 })
  }

  /** All fire times of a schedule, and the jobs that they become. */
  #live(schedule: IntendedSchedule): void {
    const { id, everyMs, task } = schedule
    let livesUntil = 0
    for (let fireAt = (Math.floor(beganAt / everyMs) + 1) * everyMs; fireAt <= endAt; fireAt += everyMs) {
      if (id === RESTLESS && fireAt > pausedFrom && fireAt < pausedTo) {
        const count = Math.ceil((pausedTo - fireAt) / everyMs)
        this.#decide(schedule, { fireAt, count, outcome: 'paused', decidedAt: pausedTo })
        fireAt += (count - 1) * everyMs
        continue
      }
      const missed = fireAt > cutFrom && fireAt < cutTo ? Math.floor((cutTo - fireAt) / everyMs) : 0
      if (missed > 0) this.#decide(schedule, { fireAt, count: missed, outcome: 'coalesced', decidedAt: cutTo + 50 })
      fireAt += missed * everyMs
      const decidedAt = (fireAt > cutFrom && fireAt < cutTo ? cutTo : fireAt) + 5 + this.#random.below(20)
      const overlaps = decidedAt < livesUntil
      this.#decide(schedule, { fireAt, count: 1, outcome: overlaps ? 'overlapped' : 'fired', decidedAt })
      if (!overlaps)
        livesUntil = this.#jobs.run({ id: `${id}@${fireAt}`, task, createdAt: decidedAt, schedule: id, fireAt })
    }
  }

  #decide({ id, everyMs }: IntendedSchedule, row: Pick<LedgerRow, 'fireAt' | 'count' | 'outcome' | 'decidedAt'>): void {
    const lastFireAt = row.fireAt + (row.count - 1) * everyMs
    const fixed = { revision: 1, timezoneData: '2030a', node: 'n' }
    const jobId = row.outcome === 'fired' ? `${id}@${row.fireAt}` : undefined
    this.#ledger.push({ ...row, ...fixed, scheduleId: id, lastFireAt, jobId, nextFireAt: lastFireAt + everyMs })
  }

  #verification(id: string): ScheduleVerification {
    const count = (outcome: LedgerRow['outcome']): number =>
      this.#ledger
        .filter(row => row.scheduleId === id && row.outcome === outcome)
        .reduce((total, row) => total + row.count, 0)
    const [fired, coalesced, overlapped, paused] = (['fired', 'coalesced', 'overlapped', 'paused'] as const).map(count)
    const outcomes = {
      fired: fired!,
      coalesced: coalesced!,
      overlapped: overlapped!,
      paused: paused!,
      misfired: 0,
      orphaned: 0,
      excluded: 0
    }
    const expected = Object.values(outcomes).reduce((total, each) => total + each, 0)
    return { id, expected, ...outcomes, pending: 0, double: 0, missing: 0, notes: [] }
  }

  #orders(): void {
    const feeder = 'feeder-201'
    let keyFreeAt = 0
    for (let number = 0; number < 120; number++) {
      const id = `order-${number}`
      const at = beganAt + 300 * number + this.#random.below(100)
      const task = number % 4 === 0 ? 'receipt' : 'order'
      const runAt = number % 10 === 3 ? { runAt: at + 1_500 } : {}
      const key = number % 20 === 7 ? { uniqueKey: 'key' } : {}
      const ask = (at: number): void =>
        this.#say(feeder, at, { what: 'enqueue.asked', job: id, task, ...runAt, ...key })
      const answer = (at: number, outcome: 'enqueued' | 'exists' | 'duplicate'): void =>
        this.#say(feeder, at, { what: 'enqueue.answered', job: id, outcome })
      ask(at)
      if (number % 20 === 7 && at < keyFreeAt) {
        answer(at + 2, 'duplicate')
        continue
      }
      // Some answers are lost: the job may be there all the same, and asking again finds it.
      if (number % 30 === 11) continue
      if (number % 30 === 17) ask(at + 220)
      if (number % 30 !== 19) answer(at + (number % 30 === 17 ? 222 : 2), number % 30 === 17 ? 'exists' : 'enqueued')
      const finishedAt = this.#jobs.run({ id, task, createdAt: at + 1, ...runAt, ...key })
      if (number % 20 === 7) keyFreeAt = finishedAt
    }
    for (const at of [killedAt - 50, frozenAt - 50])
      for (const task of ['slow', 'once'] as const) {
        const id = `${task} at ${at}`
        this.#say(feeder, at, { what: 'enqueue.asked', job: id, task })
        this.#say(feeder, at + 1, { what: 'enqueue.answered', job: id, outcome: 'enqueued' })
        this.#jobs.run({ id, task, createdAt: at })
      }
    const unknown = { id: 'unknown-1', task: 'order' as const, createdAt: beganAt + 700 }
    this.#say(feeder, unknown.createdAt, { what: 'enqueue.asked', job: unknown.id, task: UNKNOWN_TASK })
    this.#jobs.book(unknown, {
      state: 'available',
      fence: undefined,
      failures: 0,
      rescues: 0,
      finishedAt: undefined,
      lastErrorCode: undefined
    })
    const last = this.#jobs.booked.pop()!
    this.#jobs.booked.push({ ...last, task: UNKNOWN_TASK })
  }
}
