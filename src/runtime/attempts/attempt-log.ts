import { format } from 'node:util'
import { redact } from '../../core/payload/redact.ts'
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
    const { codecs, redact: paths } = attempt.task
    const isOpen = codecs === undefined && paths === undefined
    const line =
      (level: keyof Logger) =>
      (...said: readonly unknown[]) =>
        say(logger, level, named, () => (isOpen ? said : said.map(each => covered(each, attempt))))
    return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
  }
}

/** The payload, alone or as a field, as people may see it. What a handler makes of it is its own affair. */
function covered(said: unknown, { payload, task }: Attempt): unknown {
  if (typeof payload !== 'object' || payload === null) return said
  const cover = (): unknown =>
    task.codecs === undefined ? redact(payload, task.redact ?? []) : { sealed: task.codecs[0].name }
  if (said === payload) return cover()
  if (typeof said !== 'object' || said === null || Array.isArray(said) || said instanceof Error) return said
  if (!Object.values(said).includes(payload)) return said
  return Object.fromEntries(Object.entries(said).map(([key, value]) => [key, value === payload ? cover() : value]))
}

/** A handler may log anything, even values that can't be read. That must not fail its job. */
function say(logger: Logger, level: keyof Logger, named: object, said: () => readonly unknown[]): void {
  try {
    const { fields, message } = lineOf(said(), format)
    logger[level]({ ...named, ...fields }, message)
  } catch {
    logger[level](named, 'a handler logged something that could not be read')
  }
}
