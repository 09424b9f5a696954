import type { Task } from './task.ts'

/**
 * The payloads of tasks that are enqueued by name, for the compiler. Empty until an app declares its own; a name that
 * is not in it takes any payload.
 *
 * @example
 * declare module 'escapement' {
 *   interface TaskRegistry {
 *     'send-mail': { to: string }
 *     'make-report': PayloadOf<typeof makeReport>
 *   }
 * }
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- Apps add to it.
export interface TaskRegistry {}

/** The name of a task. Editors offer those of the registry. */
export type TaskName = keyof TaskRegistry | (string & {})

/** What `enqueue` takes as the payload of a task, which is given by its type or by its name. */
export type PayloadOf<Asked> = Asked extends keyof TaskRegistry
  ? TaskRegistry[Asked]
  : // oxlint-disable-next-line typescript/no-explicit-any -- The result has no part in it.
    Asked extends Task<infer Input, any>
    ? Input
    : unknown
