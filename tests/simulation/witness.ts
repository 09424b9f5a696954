import type { AttemptKey } from '../../src/core/job/job.ts'
import type { ScheduleWrite } from '../../src/store/schedules.ts'
import type { Store } from '../../src/store/store.ts'
import type { MemoryBooks } from '../../src/stores/memory/books.ts'

/** How often the month came to what it is there for: a simulation in which nothing happens proves nothing. */
export interface Tally {
  fired: number
  conflicts: number
  rescued: number
  lostNodes: number
  staleCompletions: number
  staleReports: number
}

export const emptyTally = (): Tally => ({
  fired: 0,
  conflicts: 0,
  rescued: 0,
  lostNodes: 0,
  staleCompletions: 0,
  staleReports: 0
})

const nameOf = ({ id, fence }: AttemptKey): string => `${id}#${fence}`

/**
 * Looks over the shoulder of every connection, behind whatever is sabotaged, and keeps its own account of which attempt is
 * the current one: an answer that contradicts it is a finding.
 */
export class Witness {
  readonly findings: string[] = []
  readonly tally = emptyTally()
  readonly startsCreated = new Map<string, number>()
  readonly #books: MemoryBooks
  readonly #isLiving: (nodeId: string) => boolean
  readonly #currentFence = new Map<string, number>()
  readonly #fencedOff = new Set<string>()

  constructor(books: MemoryBooks, isLiving: (nodeId: string) => boolean) {
    this.#books = books
    this.#isLiving = isLiving
  }

  beside(store: Store): Store {
    return {
      ...store,
      writeSchedules: async writes => {
        const roomBefore = writes.map(write => this.#allowedInstances(write))
        const answers = await store.writeSchedules(writes)
        writes.forEach((write, index) => this.#sawWrite(write, answers[index], roomBefore[index] as number))
        return answers
      },
      claim: async request => {
        const claim = await store.claim(request)
        for (const job of claim.jobs) this.#sawClaim(job)
        return claim
      },
      rescue: async limit => {
        const rescued = await store.rescue(limit)
        this.tally.rescued += rescued.length
        for (const { id } of rescued) this.#fenceOff({ id, fence: this.#currentFence.get(id) ?? 0 })
        return rescued
      },
      settle: async reports => {
        const answers = await store.settle(reports)
        reports.forEach((report, index) => this.#sawEnd(report, answers[index] !== 'accepted'))
        this.tally.staleReports += answers.filter(answer => answer !== 'accepted').length
        return answers
      },
      transact: async (attempt, body) => {
        const answer = await store.transact(attempt, body)
        this.#sawEnd(attempt, answer === 'stale')
        if (answer === 'stale') this.tally.staleCompletions++
        return answer
      },
      markLost: async (nodeId, counter) => {
        const isLost = await store.markLost(nodeId, counter)
        if (isLost) this.tally.lostNodes++
        if (isLost && this.#isLiving(nodeId))
          this.findings.push(`The node ${nodeId} lives and renews, and was declared lost.`)
        return isLost
      }
    }
  }

  #sawClaim(job: AttemptKey): void {
    const before = this.#currentFence.get(job.id)
    if (before !== undefined && before >= job.fence)
      this.findings.push(`The claim of ${job.id} got the fence ${job.fence} after ${before}.`)
    if (before !== undefined && !this.#fencedOff.has(nameOf({ id: job.id, fence: before })))
      this.findings.push(`The job ${job.id} was claimed while the attempt ${before} still held it.`)
    this.#currentFence.set(job.id, job.fence)
  }

  #sawEnd(attempt: AttemptKey, isStale: boolean): void {
    const isCurrent = this.#currentFence.get(attempt.id) === attempt.fence && !this.#fencedOff.has(nameOf(attempt))
    if (isCurrent === isStale)
      this.findings.push(
        `The ${isCurrent ? 'current' : 'fenced off'} attempt ${nameOf(attempt)} was answered ${isStale ? 'stale' : 'written'}.`
      )
    this.#fenceOff(attempt)
  }

  #fenceOff(attempt: AttemptKey): void {
    if (this.#currentFence.get(attempt.id) === attempt.fence) this.#fencedOff.add(nameOf(attempt))
  }

  #allowedInstances({ state }: ScheduleWrite): number {
    const definitions = [state.definition, this.#books.schedules.get(state.id)?.definition ?? state.definition]
    return Math.max(...definitions.map(({ overlap, maxInstances }) => (overlap === 'allow' ? Infinity : maxInstances)))
  }

  #sawWrite(write: ScheduleWrite, answer: string | undefined, allowed: number): void {
    if (answer !== 'written') return void this.tally.conflicts++
    this.tally.fired += write.jobs.length
    const { id } = write.state
    for (const job of write.jobs)
      if (job.origin === 'start') this.startsCreated.set(id, (this.startsCreated.get(id) ?? 0) + 1)
    const live = this.#books.liveJobs.get(id) ?? 0
    if (write.jobs.length > 0 && live > allowed)
      this.findings.push(`${live} jobs of ${id} are live, and ${allowed} may be.`)
  }
}
