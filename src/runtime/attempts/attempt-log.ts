import { format } from 'node:util'
import type { HandlerLog, Logger } from '../../core/job/handler.ts'
import { lineOf } from '../../core/log-call.ts'
import type { Attempt } from './attempt.ts'

const silent: HandlerLog = { debug: ignore, info: ignore, warn: ignore, error: ignore }

function ignore(): void {
  // Nobody listens.
}

/** The logger of handlers: the app's logger, with the job named in every line. */
export function loggerOf(logger: Logger | false | undefined): (attempt: Attempt) => HandlerLog {
  if (logger === false || logger === undefined) return () => silent
  return attempt => {
    const { id, task, scheduleId, attempt: number } = attempt.claimed
    const named = { jobId: id, task, scheduleId, attempt: number }
    const line =
      (level: keyof Logger) =>
      (...said: readonly unknown[]) =>
        say(logger, level, named, said)
    return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
  }
}

/** A handler may log anything, even values that can't be read. That must not fail its job. */
function say(logger: Logger, level: keyof Logger, named: object, said: readonly unknown[]): void {
  try {
    const { fields, message } = lineOf(said, format)
    logger[level]({ ...named, ...fields }, message)
  } catch {
    logger[level](named, 'a handler logged something that could not be read')
  }
}
