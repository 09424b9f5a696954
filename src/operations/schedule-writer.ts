import type { AuditAction, NewAuditEntry } from '../core/access/audit.ts'
import { auditEntryOf, type Stamp, stampOf } from '../core/access/by.ts'
import { changedSchedule } from '../core/access/changed-schedule.ts'
import type { Declaration } from '../core/schedule/change.ts'
import { edit } from '../core/schedule/change.ts'
import type { Decision, DecisionContext } from '../core/schedule/decide.ts'
import { EscapementError } from '../core/errors.ts'
import { callsOf, ownerInWords, ownerOf } from '../core/schedule/owners.ts'
import type { JsonValue } from '../core/options/json.ts'
import { type Expected, unexpected } from '../core/schedule/expected.ts'
import { isSameDefinition, keepingSealed } from '../core/schedule/register.ts'
import { mayChange, planPut, type PutOutcome } from '../core/schedule/run-time/plan-put.ts'
import {
  type ScheduleDefinition,
  type SchedulePhase,
  type ScheduleState,
  shownPhase
} from '../core/schedule/schedule.ts'
import { unknownSchedule } from '../core/schedule/schedule.ts'
import { type ReadSchedule, writeOf } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'

/** Others may write between our read and our write. Losing that often is next to impossible. */
const MAX_TRIES = 100

/** A schedule to put, with its definition complete. */
export interface PutOrder extends Pick<Declaration, 'id' | 'definition'> {
  /** For a task with a codec: whether a payload of the books is the one that is put. */
  readonly isKeptAs?: ((kept: JsonValue) => boolean) | undefined
  /** @default not compared */
  readonly expected?: Expected | undefined
}

/** The result of putting or updating one schedule. */
export interface PutAnswer {
  readonly id: string
  /** `created` too if it had been removed; `unchanged` if it is as it was, and nothing was written. */
  readonly outcome: PutOutcome
  /** `paused`: it stays so until it is resumed. `ended`: it has no fire time to come. */
  readonly phase: SchedulePhase
  readonly nextFireAt: Date | undefined
}

export interface ScheduleWriterOptions {
  readonly store: Store
  readonly timezoneData: string
  /** The deciding node, for the ledger. */
  readonly nodeId: () => string
  readonly newId: () => string
}

/** Writes the schedules that the calls of an app make. Each batch is read, planned purely, and compared and set. */
export class ScheduleWriter {
  readonly #options: ScheduleWriterOptions

  constructor(options: ScheduleWriterOptions) {
    this.#options = options
  }

  /** One read and one write, repeated for those that others write meanwhile. A refused one does not stop the others. */
  async put(
    app: string,
    orders: readonly PutOrder[],
    stamp: Stamp = stampOf(undefined)
  ): Promise<(PutAnswer | EscapementError)[]> {
    const answers: Answers = new Map()
    for (let tries = 0; answers.size < orders.length && tries < MAX_TRIES; tries++)
      await this.#tryToPut({ app, stamp, orders: orders.filter(({ id }) => !answers.has(id)) }, answers)
    return orders.map(({ id }) => answers.get(id) ?? changedByOthers(id))
  }

  /**
   * Gives a schedule the definition that `change` makes of the one in the books.
   *
   * @throws EscapementError `schedule-unknown`, `schedule-changed`, `schedule-refused`, `store-busy`, and what `change` throws
   */
  async update(
    app: string,
    id: string,
    { change, expected, stamp = stampOf(undefined) }: Redefinition
  ): Promise<PutAnswer> {
    const { store } = this.#options
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { now, schedules } = await store.readSchedules([id])
      const read = schedules[0]
      if (read === undefined || read.state.phase === 'removed') throw unknownSchedule(id)
      const refused = unexpected(id, read.state, expected)
      if (refused !== undefined) throw refused
      if (!mayChange(read.state, callsOf(app))) throw ownedByOthers(read.state)
      const definition = await change(read.state.definition)
      if (isSameDefinition(read.state, { definition })) return answerOf('unchanged', read.state)
      const decision = edit(read.state, declarationOf(app, { id, definition }), this.#contextOf(read, now))
      const audit = this.#entry(stamp, 'schedule.update', { read, decision })
      const [answer] = await store.writeSchedules([writeOf(read, decision, audit)])
      if (answer === 'written') return answerOf('changed', decision.state)
    }
    throw changedByOthers(id)
  }

  async #tryToPut({ app, stamp, orders }: Batch, answers: Answers): Promise<void> {
    const { store } = this.#options
    const { now, schedules } = await store.readSchedules(orders.map(({ id }) => id))
    const byId = new Map(schedules.map(read => [read.state.id, read]))
    const writing: Planned[] = []
    for (const order of orders) {
      const read = byId.get(order.id)
      const refused = unexpected(order.id, read?.state, order.expected)
      if (refused !== undefined) {
        answers.set(order.id, refused)
        continue
      }
      const definition = keepingSealed(order.definition, read?.state.definition, order.isKeptAs)
      const plan = planPut(read?.state, declarationOf(app, { id: order.id, definition }), this.#contextOf(read, now))
      if (!('decision' in plan)) answers.set(order.id, refusals[plan.outcome](read!.state))
      else if (plan.decision === undefined) answers.set(order.id, answerOf(plan.outcome, read!.state))
      else writing.push({ read, decision: plan.decision, outcome: plan.outcome })
    }
    if (writing.length === 0) return
    const written = await store.writeSchedules(
      writing.map(each => writeOf(each.read, each.decision, this.#entry(stamp, 'schedule.put', each)))
    )
    for (const [index, { decision, outcome }] of writing.entries())
      if (written[index] === 'written') answers.set(decision.state.id, answerOf(outcome, decision.state))
  }

  #entry(stamp: Stamp, action: AuditAction, { read, decision }: Omit<Planned, 'outcome'>): NewAuditEntry {
    const difference = changedSchedule(read?.state, decision.state)
    return auditEntryOf(stamp, { id: this.#options.newId(), action, targetId: decision.state.id, ...difference })
  }

  #contextOf(read: ReadSchedule | undefined, now: number): DecisionContext {
    const { timezoneData, nodeId } = this.#options
    return { now, liveJobs: read?.liveJobs ?? 0, timezoneData, node: nodeId() }
  }
}

/** What an update makes of a definition, and who makes it. */
export interface Redefinition {
  readonly change: (before: ScheduleDefinition) => Promise<ScheduleDefinition>
  readonly stamp?: Stamp
  /** @default not compared */
  readonly expected?: Expected | undefined
}

type Answers = Map<string, PutAnswer | EscapementError>

interface Batch {
  readonly app: string
  readonly stamp: Stamp
  readonly orders: readonly PutOrder[]
}

interface Planned {
  readonly read: ReadSchedule | undefined
  readonly decision: Decision
  readonly outcome: PutOutcome
}

/** Releases order what code declares. What calls make has none. */
const declarationOf = (app: string, { id, definition }: PutOrder): Declaration => ({
  id,
  definition,
  app: callsOf(app),
  release: 0
})

const answerOf = (outcome: PutOutcome, state: ScheduleState): PutAnswer => ({
  id: state.id,
  outcome,
  phase: shownPhase(state),
  nextFireAt: state.nextFireAt === undefined ? undefined : new Date(state.nextFireAt)
})

const ownedByOthers = ({ id, app }: ScheduleState): EscapementError =>
  new EscapementError(
    'schedule-refused',
    `The schedule ${JSON.stringify(id)} belongs to ${ownerInWords(ownerOf(app))}, and stays as it is. Take another id, or, if ` +
      `nobody there wants it any more, remove it first: schedules.remove(${JSON.stringify(id)}).`
  )

const refusals = {
  owned: ownedByOthers,
  'removed-for-good': ({ id }: ScheduleState): EscapementError =>
    new EscapementError(
      'schedule-refused',
      `The schedule ${JSON.stringify(id)} was removed for good. To put it again, first remove it without "forGood": ` +
        `schedules.remove(${JSON.stringify(id)}).`
    )
}

const changedByOthers = (id: string): EscapementError =>
  new EscapementError(
    'store-busy',
    `The schedule "${id}" could not be written: it was changed by others ${MAX_TRIES} times meanwhile.`
  )
