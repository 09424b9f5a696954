import { judgedLater } from '../core/options/forms.ts'
import type { NewJob } from '../core/job/job.ts'
import { checkOptions, door } from '../core/options/options.ts'
import type { ScheduleDefinition } from '../core/schedule/schedule.ts'
import { idSequence } from './ids.ts'

const newId = idSequence(0xfac_0000)

/**
 * A job of the task "task" that is due. `differs` replaces fields.
 *
 * @example
 * ```ts
 * await store.enqueue([aJob({ task: 'mail', payload: '{"to":"ann"}' })])
 * ```
 *
 * @experimental
 */
export function aJob(differs: Partial<NewJob> = {}): NewJob {
  return withWhatDiffers('aJob()', differs, {
    id: newId(),
    task: 'task',
    queue: 'default',
    priority: 0,
    runAt: 0,
    payload: 'null',
    uniqueKey: undefined,
    scheduleId: undefined,
    fireAt: undefined,
    origin: 'enqueue',
    maxAttempts: 10,
    delivery: 'at-least-once',
    keepMs: 604_800_000
  })
}

/**
 * A definition that fires the task "task" every minute. `differs` replaces fields.
 *
 * @example
 * ```ts
 * const daily = aDefinition({ trigger: cron('0 9 * * *').toJSON(), coalesce: 'all' })
 * ```
 *
 * @experimental
 */
export function aDefinition(differs: Partial<ScheduleDefinition> = {}): ScheduleDefinition {
  return withWhatDiffers('aDefinition()', differs, {
    task: 'task',
    trigger: { kind: 'interval', everyMs: 60_000 },
    payload: null,
    queue: 'default',
    priority: 0,
    maxAttempts: 10,
    delivery: 'at-least-once',
    keepMs: 604_800_000,
    misfireGraceMs: null,
    coalesce: 'latest',
    coalesceCap: 100,
    overlap: 'skip',
    maxInstances: 1,
    maxFires: null,
    runAtStart: false
  })
}

/** Refuses unknown names: a misspelled field would be added next to the intended one. */
function withWhatDiffers<T extends object>(who: string, differs: Partial<T>, usual: T): T {
  const forms = Object.fromEntries(Object.keys(usual).map(name => [name, judgedLater]))
  checkOptions(who, differs, door('options-invalid', forms))
  return { ...usual, ...differs }
}
