import type { StandardSchemaV1 } from '@standard-schema/spec'
import { durationMs } from './duration.ts'
import { EscapementError } from './errors.ts'
import type { HandlerContext } from './handler.ts'
import type { Delivery } from './job.ts'
import { checkName, describe } from './names.ts'
import { retryDelay, type RetryDelay, type RetryPolicy } from './retry.ts'

export interface TaskOptions<Schema extends StandardSchemaV1 | undefined, Result> {
  /** What runs. What it returns is kept as the job's result, in strict JSON. */
  readonly handler: (context: HandlerContext<PayloadOf<Schema>>) => Result | Promise<Result>
  /** Any Standard Schema (zod, valibot, arktype, …). Checked at enqueue and again before the handler, which gets its output. */
  readonly payload?: Schema
  /** Default "default". */
  readonly queue?: string
  /** -100 to 100, default 0; a lower number runs first. */
  readonly priority?: number
  /** Failures until the job is discarded, 1 to 1,000; default 10. */
  readonly maxAttempts?: number
  /** Waiting between attempts; default exponential from 1 s to 1 h. */
  readonly retry?: RetryPolicy
  /** How long an attempt may take until its signal is aborted and it counts as failed; default: no limit. */
  readonly timeout?: number | string
  /** Default `at-least-once`. */
  readonly delivery?: Delivery
  /** How long a completed job is kept; 0 drops it at once; default 7 days. */
  readonly keepCompleted?: number | string
}

type PayloadOf<Schema> = Schema extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<Schema> : unknown
export type InputOf<Schema> = Schema extends StandardSchemaV1 ? StandardSchemaV1.InferInput<Schema> : unknown

/** A named handler with its options, checked and with all defaults filled in. `Input` is what `enqueue` takes. */
export interface Task<Input = unknown, Result = unknown> {
  readonly name: string
  readonly handler: (context: HandlerContext<never>) => Result | Promise<Result>
  readonly schema: StandardSchemaV1<Input> | undefined
  readonly queue: string
  readonly priority: number
  readonly maxAttempts: number
  readonly retryDelay: RetryDelay
  readonly timeoutMs: number | undefined
  readonly delivery: Delivery
  readonly keepMs: number
}

/** A task of any payload, as lists of tasks hold it. */
// oxlint-disable-next-line typescript/no-explicit-any -- Input is both read and written, so only `any` takes every task.
export type AnyTask = Task<any, any>

/**
 * Defines a task.
 *
 * @throws EscapementError `task-invalid`, `id-invalid` or `duration-invalid`, naming the task and the option.
 */
export function task<Schema extends StandardSchemaV1 | undefined = undefined, Result = unknown>(
  name: string,
  options: TaskOptions<Schema, Result>
): Task<InputOf<Schema>, Result> {
  checkName('The name of a task', name)
  if (typeof options?.handler !== 'function')
    throw new EscapementError(
      'task-invalid',
      `The task "${name}" has ${describe(options?.handler)} as its handler; it takes a function.`
    )
  return {
    name,
    handler: options.handler,
    schema: options.payload as StandardSchemaV1<InputOf<Schema>> | undefined,
    queue: checkName(`The queue of the task "${name}"`, options.queue ?? 'default'),
    priority: checkInteger(name, 'priority', options.priority ?? 0, [-100, 100]),
    maxAttempts: checkInteger(name, 'maxAttempts', options.maxAttempts ?? 10, [1, 1_000]),
    retryDelay: retryDelay(options.retry),
    timeoutMs: options.timeout === undefined ? undefined : durationMs(options.timeout),
    delivery: checkDelivery(name, options.delivery ?? 'at-least-once'),
    keepMs: durationMs(options.keepCompleted ?? '7d')
  }
}

function checkInteger(task: string, option: string, value: number, [least, most]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new EscapementError(
    'task-invalid',
    `The task "${task}" has ${option} ${describe(value)}; it takes a whole number from ${least} to ${most}.`
  )
}

function checkDelivery(task: string, delivery: Delivery): Delivery {
  if (delivery === 'at-least-once' || delivery === 'at-most-once') return delivery
  throw new EscapementError(
    'task-invalid',
    `The task "${task}" has delivery ${describe(delivery)}; it takes "at-least-once" or "at-most-once".`
  )
}
