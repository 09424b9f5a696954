import { type Declaration, create, edit, pause, remove, resume } from '../../../src/core/schedule/change.ts'
import { type Decision, type DecisionContext, decide } from '../../../src/core/schedule/decide.ts'
import type { LedgerRow } from '../../../src/core/schedule/ledger.ts'
import type { ScheduleDefinition, ScheduleState, TimelineRow } from '../../../src/core/schedule/schedule.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { ScheduleVerifier, type ScheduleBooks } from '../../../src/core/verify/verify.ts'
import { undecide, type Undecision } from '../../../src/core/schedule/undecide.ts'
import type { ScheduleVerification } from '../../../src/core/verify/verify-counts.ts'

export const START = Date.UTC(2026, 0, 1)
export const TZ = '2026a'

export const definition = (changes: Partial<ScheduleDefinition> = {}): ScheduleDefinition => ({
  task: 'mail',
  trigger: every('1m').toJSON(),
  payload: null,
  queue: 'default',
  priority: 0,
  maxAttempts: 3,
  delivery: 'at-least-once',
  keepMs: 0,
  misfireGraceMs: null,
  coalesce: 'latest',
  coalesceCap: 100,
  overlap: 'skip',
  maxInstances: 1,
  maxFires: null,
  runAtStart: false,
  ...changes
})

/** The books of one schedule, written by the real decisions at the instants that a test chooses. */
export class ScheduleHistory {
  state: ScheduleState
  ledger: LedgerRow[] = []
  timeline: TimelineRow[] = []
  now = START
  timezoneData = TZ
  last: Undecision | undefined

  constructor(changes: Partial<ScheduleDefinition> = {}) {
    const decision = create(this.#declaration(changes), this.#context(0))
    this.state = decision.state
    this.timeline.push(...decision.timeline)
  }

  after(ms: number, liveJobs = 0): this {
    this.now += ms
    return this.#write(decide(this.state, this.#context(liveJobs)))
  }

  pause(): this {
    return this.#write(pause(this.state, this.#context(0)))
  }

  resume(): this {
    return this.#write(resume(this.state, this.#context(0)))
  }

  remove(): this {
    return this.#write(remove(this.state, this.#context(0)))
  }

  edit(changes: Partial<ScheduleDefinition>): this {
    return this.#write(edit(this.state, this.#declaration(changes), this.#context(0)))
  }

  /** Time goes by, and nobody decides. */
  wait(ms: number): this {
    this.now += ms
    return this
  }

  /** The clock is set back. */
  back(ms: number): this {
    return this.wait(-ms)
  }

  /** Takes back what was decided of later fire times, if any was. */
  undecide(): this {
    if (Math.max(this.state.decidedUntil, this.state.validFrom) <= this.now || this.state.phase === 'ended') return this
    const rows = this.ledger.filter(row => row.lastFireAt > this.now)
    this.last = undecide({ state: this.state, rows, timeline: this.timeline }, this.#context(0))
    const kept = this.ledger.filter(row => row.lastFireAt <= this.last!.takesBackAfter)
    this.ledger = [...kept, ...this.last.ledger].sort((a, b) => a.fireAt - b.fireAt)
    this.timeline.push(...this.last.timeline)
    this.state = this.last.state
    return this
  }

  /** How long it is to the next fire time. */
  get nextIn(): number {
    return (this.state.nextFireAt ?? Infinity) - this.now
  }

  verify(changes: Partial<ScheduleBooks> = {}, ledger: readonly LedgerRow[] = this.ledger): ScheduleVerification {
    const until = changes.until ?? changes.now ?? this.now
    const verifier = new ScheduleVerifier({
      id: 's',
      timeline: this.timeline,
      decidedUntil: this.state.decidedUntil,
      from: 0,
      now: this.now,
      prunedUntil: undefined,
      timezoneData: TZ,
      ...changes,
      until
    })
    const from = changes.from ?? 0
    const inOrder = ledger.toSorted((a, b) => a.fireAt - b.fireAt)
    for (const row of inOrder) if (row.fireAt <= until && row.lastFireAt >= from) verifier.add(row)
    return verifier.finish()
  }

  #write(decision: Decision): this {
    this.state = decision.state
    this.ledger.push(...decision.ledger)
    this.timeline.push(...decision.timeline)
    return this
  }

  #declaration(changes: Partial<ScheduleDefinition>): Declaration {
    return { id: 's', definition: definition(changes), app: 'default', release: 0 }
  }

  #context(liveJobs: number): DecisionContext {
    return { now: this.now, liveJobs, timezoneData: this.timezoneData, node: 'n' }
  }
}
