import type { BookedJob, Effect } from '../../chaos/books.ts'
import type { Entry, Fact } from '../../chaos/history.ts'
import { type TaskName, tasks } from '../../chaos/workload.ts'
import type { randomFrom } from '../core/trigger/seed.ts'
import { ableAt, frozenAt, killedAt, LEASE_MS, sleeper, steady, thawedAt, victim } from './good-cast.ts'

export interface Creation {
  readonly id: string
  readonly task: TaskName
  readonly createdAt: number
  readonly runAt?: number
  readonly schedule?: string
  readonly fireAt?: number
  readonly uniqueKey?: string
}

interface Attempt {
  readonly pid: number
  readonly fence: number
  readonly at: number
}

/** The jobs of a good run, with all their attempts. */
export class GoodJobs {
  readonly entries: Entry[] = []
  readonly booked: BookedJob[] = []
  readonly #effects: { readonly at: number; readonly effect: Effect }[] = []
  readonly #random: ReturnType<typeof randomFrom>
  #fence = 0

  constructor(random: ReturnType<typeof randomFrom>) {
    this.#random = random
  }

  /** In the order of their commits. */
  get effects(): Effect[] {
    return this.#effects.toSorted((a, b) => a.at - b.at).map(({ effect }) => effect)
  }

  /** All attempts of a job, until it is finished. Answers when it is. */
  run(job: Creation): number {
    const begunAt = Math.max(job.createdAt, job.runAt ?? 0) + 1 + this.#random.below(30)
    const able = ableAt(begunAt)
    const pid = able[this.#random.below(able.length)] as number
    const fence = ++this.#fence
    this.#begin(job, { pid, fence, at: begunAt })
    const lastsMs = { slow: 1_400, once: 60 }[job.task as string] ?? 2 + this.#random.below(25)
    const endsAt = begunAt + lastsMs
    if (pid === victim && endsAt >= killedAt) return this.#afterDeath(job, fence)
    if (pid === sleeper && endsAt >= frozenAt && begunAt < thawedAt) return this.#afterSleep(job, fence)
    if (job.task === 'flaky') {
      this.#leave(job, { pid, fence, at: endsAt })
      this.#say(pid, endsAt + 1, { what: 'job.failed', jobId: job.id, fence })
      const retriedAt = endsAt + 301 + this.#random.below(20)
      return this.#complete(job, { failures: 1, rescues: 0, from: retriedAt })
    }
    return this.#finish(job, { pid, fence, at: endsAt, failures: 0, rescues: 0 })
  }

  /** Its process was killed under it. */
  #afterDeath(job: Creation, fence: number): number {
    if (tasks[job.task].delivery === 'at-least-once')
      return this.#complete(job, { failures: 0, rescues: 1, from: killedAt + LEASE_MS + 500 })
    const finishedAt = killedAt + LEASE_MS + 500
    this.book(job, { state: 'discarded', fence, failures: 0, rescues: 1, finishedAt, lastErrorCode: 'lost' })
    return finishedAt
  }

  /** Its process was frozen, woke after another had taken the job over, and was refused. */
  #afterSleep(job: Creation, fence: number): number {
    this.#say(sleeper, thawedAt + 7, { what: 'attempt.finishing', job: job.id, fence })
    this.#leave(job, { pid: sleeper, fence, at: thawedAt + 8 })
    this.#say(sleeper, thawedAt + 9, { what: 'job.stale', jobId: job.id, fence })
    const rescuedAt = frozenAt + LEASE_MS + 500
    if (tasks[job.task].delivery === 'at-least-once')
      return this.#complete(job, { failures: 0, rescues: 1, from: rescuedAt })
    this.book(job, {
      state: 'discarded',
      fence,
      failures: 0,
      rescues: 1,
      finishedAt: rescuedAt,
      lastErrorCode: 'lost'
    })
    return rescuedAt
  }

  /** One more attempt, by the process that nothing happens to. */
  #complete(job: Creation, { failures, rescues, from }: { failures: number; rescues: number; from: number }): number {
    const fence = ++this.#fence
    this.#begin(job, { pid: steady, fence, at: from })
    const at = from + (job.task === 'slow' ? 1_400 : 10)
    return this.#finish(job, { pid: steady, fence, at, failures, rescues })
  }

  #begin({ id, task, createdAt, runAt = createdAt, schedule, fireAt }: Creation, { pid, fence, at }: Attempt): void {
    const origin = schedule === undefined ? {} : { schedule, fireAt: fireAt! }
    this.#say(pid, at, { what: 'attempt.begun', job: id, fence, task, runAt, key: `store:${id}`, ...origin })
  }

  #leave({ id }: Creation, { pid, fence, at }: Attempt): void {
    this.#say(pid, at, { what: 'attempt.left', job: id, fence })
  }

  #finish(
    job: Creation,
    { pid, fence, at, failures, rescues }: Attempt & { failures: number; rescues: number }
  ): number {
    this.#say(pid, at - 1, { what: 'attempt.finishing', job: job.id, fence })
    this.#leave(job, { pid, fence, at })
    this.#say(pid, at + 2, { what: 'job.completed', jobId: job.id, fence })
    if (tasks[job.task].isTransactional) this.#effects.push({ at, effect: { job: job.id, fence } })
    this.book(job, { state: 'completed', fence, failures, rescues, finishedAt: at, lastErrorCode: undefined })
    return at
  }

  book(
    { id, task, createdAt, runAt = createdAt, schedule, fireAt, uniqueKey }: Creation,
    end: Pick<BookedJob, 'state' | 'fence' | 'failures' | 'rescues' | 'finishedAt' | 'lastErrorCode'>
  ): void {
    const origin = schedule === undefined ? 'enqueue' : 'fire'
    const { delivery } = tasks[task]
    this.booked.push({
      id,
      task,
      origin,
      scheduleId: schedule,
      fireAt,
      runAt,
      uniqueKey,
      delivery,
      maxAttempts: 5,
      createdAt,
      ...end
    })
  }

  #say(pid: number, at: number, fact: Fact): void {
    this.entries.push({ ...fact, by: `node-${pid}`, at })
  }
}
