import { setTimeout as pass } from 'node:timers/promises'
import { type AnyTask, type HandlerContext, task } from 'escapement'
import type { Recorder } from '../recorder.ts'
import { RETRY_AFTER_MS, SLOW_RUN_MS, type TaskName, tasks as intended } from '../workload.ts'

/** Long enough that faults meet attempts that have begun and not ended. */
const MAX_RUN_MS = 25
/** Everything is kept until the books are read. */
const KEPT = '1h'

const INSERT = 'INSERT INTO chaos_effect (job, fence) VALUES'

/**
 * The tasks of `workload.ts`. Their handlers write down what they do, and their effects are rows next to the books.
 * `fences` learns the latest attempt of each job.
 */
export const tasksOf = (recorder: Recorder, fences = new Map<string, number>()): Record<TaskName, AnyTask> =>
  Object.fromEntries(
    (Object.keys(intended) as TaskName[]).map(name => [
      name,
      task(name, {
        delivery: intended[name].delivery,
        keepCompleted: KEPT,
        maxAttempts: 5,
        retry: { kind: 'fixed', delay: RETRY_AFTER_MS },
        handler: context => {
          fences.set(context.job.id, context.fence)
          return recorded(recorder, context, name)
        }
      })
    ])
  ) as Record<TaskName, AnyTask>

async function recorded(recorder: Recorder, context: HandlerContext, name: TaskName): Promise<void> {
  const { job, fence, scheduleId: schedule, fireAt, idempotencyKey } = context
  const attempt = { job: job.id, fence }
  const origin = schedule === undefined ? {} : { schedule, ...(fireAt === undefined ? {} : { fireAt: Number(fireAt) }) }
  recorder.write({
    what: 'attempt.begun',
    ...attempt,
    task: name,
    runAt: Number(job.runAt),
    key: idempotencyKey,
    ...origin
  })
  try {
    await body(context, name)
    recorder.write({ what: 'attempt.finishing', ...attempt })
    if (intended[name].isTransactional) await context.transaction(tx => insertEffect(tx, job.id, fence))
  } finally {
    recorder.write({ what: 'attempt.left', ...attempt })
  }
}

async function body({ attempt, fence, signal }: HandlerContext, name: TaskName): Promise<void> {
  await pass(name === 'slow' ? SLOW_RUN_MS : fence % MAX_RUN_MS, undefined, { signal })
  if (name === 'flaky' && attempt === 1) throw new Error('The first attempt fails.')
}

/** What a transaction hands out: on SQLite statements that run at once, on PostgreSQL a client. */
type EitherTransaction =
  | { readonly prepare: (sql: string) => { run(...values: unknown[]): unknown } }
  | { readonly query: (sql: string, values: unknown[]) => Promise<unknown> }

function insertEffect(transaction: unknown, job: string, fence: number): Promise<void> | undefined {
  const tx = transaction as EitherTransaction
  if ('query' in tx) return tx.query(`${INSERT} ($1, $2)`, [job, fence]).then(() => undefined)
  tx.prepare(`${INSERT} (?, ?)`).run(job, fence)
  return undefined
}
