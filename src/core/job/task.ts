import type { StandardSchemaV1 } from '@standard-schema/spec'
import { durationMs } from '../options/duration.ts'
import { EscapementError } from '../errors.ts'
import type { HandlerContext } from './handler.ts'
import { type Delivery, UNLIMITED_ATTEMPTS } from './job.ts'
import { aDuration, aFunction, aName, judgedLater, oneOf, wholeNumber } from '../options/forms.ts'
import type { JsonOf } from '../options/json.ts'
import { checkName } from '../options/names.ts'
import { checkOptions, door, type Form } from '../options/options.ts'
import { type Codecs, codecsOf, type PayloadCodec } from '../payload/codec.ts'
import { redactOf } from '../payload/redact.ts'
import { retryDelay, type RetryDelay, type RetryPolicy } from './retry.ts'

/**
 * The options of a task. `Payload` is what the handler gets, `Input` what `enqueue` takes: with a schema its output and
 * its input, otherwise the same.
 */
export interface TaskOptions<Payload = unknown, Result = unknown, Input = Payload> {
  /** Runs the job. Its return value is kept as the job's result, in strict JSON. */
  readonly handler: (context: HandlerContext<Payload>) => Result | Promise<Result>
  /**
   * Any Standard Schema (zod, valibot, arktype, …). Checked at enqueue and before each run, which gets its output.
   * @default none: the payload is checked by its type alone
   */
  readonly schema?: StandardSchemaV1<Input, Payload>
  /** @default 'default' */
  readonly queue?: string
  /**
   * -100 to 100. A lower number runs first.
   * @default 0
   */
  readonly priority?: number
  /**
   * Failures until the job is discarded, 1 to 1,000; Infinity: it is tried until it succeeds or is cancelled.
   * @default 10
   */
  readonly maxAttempts?: number
  /**
   * How long to wait between attempts.
   * @default exponential, from 1 s to 1 h
   */
  readonly retry?: RetryPolicy
  /**
   * How long an attempt may take. Then its signal is aborted, and it counts as failed. A bare number is milliseconds;
   * below 100 it is refused, since it was probably meant as seconds: a text such as `"30ms"` is taken.
   * @default no limit
   */
  readonly timeout?: number | string
  /** @default 'at-least-once' */
  readonly delivery?: Delivery
  /**
   * How long a completed job is kept. 0 drops it at once.
   * @default 7 days
   */
  readonly keepCompleted?: number | string
  /**
   * Seals what the books keep: payload, progress, results of steps and of the job, and what is kept of errors. The
   * first of a list encodes, the others decode what they have encoded. Unique keys and the codes of errors stay plain.
   * @default none: the books have plain JSON
   */
  readonly codec?: PayloadCodec | readonly PayloadCodec[]
  /**
   * Paths of what people are not shown of payload, progress and results: by the command line, the HTTP API, the log, an
   * export. `jobs.get` and handlers have it. `*` stands for each member or item, as in `items.*.iban`. The books keep
   * all of it, and a path once declared stays in force.
   * @default none
   */
  readonly redact?: readonly string[]
}

/** A named handler with its checked options, all defaults filled in. `Input` is the payload that `enqueue` takes. */
export interface Task<Input = unknown, Result = unknown> {
  readonly name: string
  readonly handler: (context: HandlerContext<never>) => Result | Promise<Result>
  readonly schema: StandardSchemaV1<Input> | undefined
  readonly queue: string
  readonly priority: number
  /** `UNLIMITED_ATTEMPTS` instead of Infinity, as the books have it. */
  readonly maxAttempts: number
  readonly retryDelay: RetryDelay
  readonly timeoutMs: number | undefined
  readonly delivery: Delivery
  readonly keepMs: number
  readonly codecs?: Codecs | undefined
  readonly redact?: readonly string[] | undefined
}

/** A task with any payload, for lists of tasks. */
// oxlint-disable-next-line typescript/no-explicit-any -- Input is both read and written, so only `any` takes every task.
export type AnyTask = Task<any, any>

/**
 * Defines a task.
 *
 * @throws EscapementError `task-invalid`, `id-invalid` or `duration-invalid`, naming the task and the option
 *
 * @example
 * ```ts
 * const mail = task<{ to: string }>('mail', {
 *   handler: async ({ payload, idempotencyKey, signal }) => send(payload.to, { idempotencyKey, signal }),
 *   retry: ['10s', '1m', '10m'],
 *   maxAttempts: 4,
 *   timeout: '30s'
 * })
 * ```
 */
export function task<Payload = unknown, Result = unknown, Input = Payload>(
  name: string,
  options: TaskOptions<Payload, Result, Input>
): Task<JsonOf<Input>, Result> {
  checkName('The name of a task', name)
  const who = `The task "${name}"`
  checkOptions(who, options, taskDoor)
  if (options.handler === undefined)
    throw new EscapementError('task-invalid', `${who} has undefined as its handler; it takes a function.`)
  return {
    name,
    handler: options.handler,
    schema: options.schema as StandardSchemaV1<JsonOf<Input>> | undefined,
    queue: options.queue ?? 'default',
    priority: options.priority ?? 0,
    maxAttempts: Math.min(options.maxAttempts ?? 10, UNLIMITED_ATTEMPTS),
    retryDelay: retryDelay(options.retry, `The retry policy of the task "${name}"`),
    timeoutMs: options.timeout === undefined ? undefined : durationMs(options.timeout),
    delivery: options.delivery ?? 'at-least-once',
    keepMs: durationMs(options.keepCompleted ?? '7d'),
    codecs: options.codec === undefined ? undefined : codecsOf(who, options.codec),
    redact: options.redact === undefined ? undefined : redactOf(who, options.redact)
  }
}

/** Below this a bare number is refused as a time limit. */
const LEAST_BARE_MS = 100
const isMeantAsSeconds = (value: unknown): boolean => typeof value === 'number' && value > 0 && value < LEAST_BARE_MS

const aTimeout: Form = {
  ...aDuration,
  takes: `${aDuration.takes}; a bare number from ${LEAST_BARE_MS} up`,
  allows: value => aDuration.allows(value) && !isMeantAsSeconds(value),
  cure: value =>
    isMeantAsSeconds(value)
      ? `Write "${String(value)}s" for seconds, or "${String(value)}ms" for milliseconds.`
      : aDuration.cure?.(value)
}

const taskDoor = door<TaskOptions>('task-invalid', {
  handler: aFunction,
  schema: { takes: 'a Standard Schema, such as one of zod 3.24, valibot 1 or arktype 2', allows: isSchema },
  queue: aName,
  priority: wholeNumber(-100, 100),
  maxAttempts: {
    takes: 'a whole number from 1 to 1000, or Infinity',
    allows: value => value === Infinity || wholeNumber(1, 1_000).allows(value)
  },
  retry: judgedLater,
  timeout: aTimeout,
  delivery: oneOf('at-least-once', 'at-most-once'),
  keepCompleted: aDuration,
  codec: judgedLater,
  redact: judgedLater
})

function isSchema(value: unknown): boolean {
  const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return isHolder && typeof (value as Partial<StandardSchemaV1>)['~standard']?.validate === 'function'
}
