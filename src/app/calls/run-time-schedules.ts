import type { Emitter } from '../../runtime/events/emitter.ts'
import { type ChangeOptions, type Stamp, stampOf } from '../../core/access/by.ts'
import { EscapementError } from '../../core/errors.ts'
import { describe } from '../../core/options/names.ts'
import type { Expected } from '../../core/schedule/expected.ts'
import { declarePut } from '../../core/schedule/run-time/put-options.ts'
import { readUpdate, updated, type UpdateOptions } from '../../core/schedule/run-time/update-options.ts'
import type { ScheduleDefinition } from '../../core/schedule/schedule.ts'
import type { BatchLimits } from '../../operations/enqueue/batch-limits.ts'
import { type Draft, draftFirst, writeInBatches } from '../../operations/enqueue/bulk.ts'
import type { PutAnswer, PutOrder } from '../../operations/schedule-writer.ts'
import type { Settings } from '../../settings/settings.ts'
import { newId } from '../../new-id.ts'
import { checkOptions } from '../../core/options/options.ts'
import { changeDoor, taskOf } from '../doors.ts'
import type { Caller } from './caller.ts'

interface WithId {
  readonly id: string
}

interface PutDraft extends Draft {
  readonly item: PutItem
  /** With an async schema: rejects if it refuses the payload. */
  readonly checked: Promise<void> | undefined
  readonly doubts: readonly string[]
}

interface PutItem extends PutOrder {
  readonly characters: number
}

/** A read and a write of so many take SQLite about 50 ms, within one turn of the event loop. */
const PUT_AT_ONCE = 1_000
const limits: BatchLimits<PutItem> = { count: PUT_AT_ONCE, size: 8_000_000, sizeOf: ({ characters }) => characters }

/** The schedules that calls make at run time. */
export class RunTimeSchedules {
  readonly #caller: Caller
  readonly #settings: Pick<Settings, 'name' | 'tasks' | 'defaults'>
  readonly #events: Pick<Emitter, 'emit'>

  constructor(caller: Caller, settings: Pick<Settings, 'name' | 'tasks' | 'defaults'>, events: Pick<Emitter, 'emit'>) {
    this.#caller = caller
    this.#settings = settings
    this.#events = events
  }

  async put(id: string, options: unknown, change: ChangeOptions, expected?: Expected): Promise<PutAnswer> {
    const stamp = stampFor('schedules.put()', change)
    const { item, checked, doubts } = this.#draft(id, options)
    await checked
    const answers = await this.#caller.use(({ scheduleWriter }) =>
      scheduleWriter.put(this.#settings.name, [{ ...item, expected }], stamp)
    )
    this.#tell(new Map(doubts.map(doubt => [doubt, id])))
    return allPut(answers)[0]!
  }

  async putMany(schedules: readonly WithId[], change: ChangeOptions): Promise<PutAnswer[]> {
    const stamp = stampFor('schedules.putMany()', change, newId())
    const given = listToPut(schedules)
    // Of many equal ones each doubt is told once.
    const doubted = new Map<string, string>()
    const draft = (index: number): PutDraft => {
      const { id, ...options } = given[index]!
      const drafted = this.#draft(id, options)
      for (const doubt of drafted.doubts) if (!doubted.has(doubt)) doubted.set(doubt, id)
      return drafted
    }
    const bulk = {
      count: given.length,
      first: draftFirst(Math.min(given.length, PUT_AT_ONCE), draft),
      draft,
      make: ({ item, checked }: PutDraft) => (checked === undefined ? item : checked.then(() => item)),
      limits
    }
    const answers = await this.#caller.use(({ scheduleWriter }) =>
      writeInBatches({ ...bulk, write: orders => scheduleWriter.put(this.#settings.name, orders, stamp) })
    )
    this.#tell(doubted)
    return allPut(answers)
  }

  async update(id: string, options: UpdateOptions, changing: ChangeOptions, expected?: Expected): Promise<PutAnswer> {
    const stamp = stampFor('schedules.update()', changing)
    const { name, tasks, defaults } = this.#settings
    const update = readUpdate(id, options)
    const change = async (before: ScheduleDefinition): Promise<ScheduleDefinition> => {
      const task = update.payloadText === undefined ? undefined : taskOf(tasks, before.task)
      const changed = updated(id, before, update, task)
      await changed.payloadChecked
      return changed.define({ timezone: defaults.timezone })
    }
    const answer = await this.#caller.use(({ scheduleWriter }) =>
      scheduleWriter.update(name, id, { change, stamp, expected })
    )
    this.#tell(new Map((update.trigger?.doubts ?? []).map(doubt => [doubt, id])))
    return answer
  }

  #draft(id: string, options: unknown): PutDraft {
    const { tasks, defaults } = this.#settings
    const declared = declarePut(id, options, name => taskOf(tasks, name))
    const definition = declared.define(defaults)
    const payloadText = JSON.stringify(definition.payload)
    return {
      item: { id, definition, isKeptAs: declared.isKeptAs, characters: payloadText.length },
      checked: declared.payloadChecked,
      doubts: declared.doubts ?? [],
      payloadText
    }
  }

  /** After a write: this process sees it at once, others by their watch. */
  #tell(doubted: ReadonlyMap<string, string>): void {
    this.#caller.wake()
    for (const [doubt, scheduleId] of doubted) this.#events.emit('schedule.doubted', { scheduleId, doubt })
  }
}

/** Who makes the change, read within the call. */
function stampFor(who: string, options: ChangeOptions, bulkId?: string): Stamp {
  checkOptions(who, options, changeDoor)
  return stampOf(options.by, bulkId)
}

/** Refuses anything but a list of objects, each with another id, before anything is written. */
function listToPut(schedules: readonly WithId[]): readonly WithId[] {
  if (!Array.isArray(schedules))
    throw new EscapementError('schedule-invalid', `schedules.putMany() got ${describe(schedules)}; it takes a list.`)
  const given = [...(schedules as readonly WithId[])]
  const ids = new Set<unknown>()
  for (const [index, each] of given.entries()) {
    if (typeof each !== 'object' || each === null)
      throw new EscapementError(
        'schedule-invalid',
        `schedules.putMany() got ${describe(each)} at the place ${index} of its list; it takes an object with an id.`
      )
    if (ids.has(each.id))
      throw new EscapementError(
        'schedule-invalid',
        `schedules.putMany() got two schedules with the id ${describe(each.id)}; each takes its own.`
      )
    ids.add(each.id)
  }
  return given
}

/** @throws EscapementError the first of the refusals */
function allPut(answers: readonly (PutAnswer | EscapementError)[]): PutAnswer[] {
  const refused = answers.filter(answer => answer instanceof EscapementError)
  const put = answers.filter((answer): answer is PutAnswer => !(answer instanceof EscapementError))
  const [first, ...others] = refused
  if (first === undefined) return put
  if (answers.length === 1) throw first
  const count = others.length === 0 ? '' : ` ${others.length} more were refused.`
  throw new EscapementError(first.code, `${first.message}${count} The other ${put.length} were put.`)
}
