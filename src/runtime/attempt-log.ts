import type { Logger } from '../core/handler.ts'
import type { Settings } from '../settings/settings.ts'
import type { Attempt } from './attempt.ts'
import { harmless } from './harmless-logger.ts'

const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** What handlers log with: the app's logger, with the job named in every line. */
export function loggerOf({ logger }: Pick<Settings, 'logger'>): (attempt: Attempt) => Logger {
  if (logger === false || logger === undefined) return () => silent
  return attempt => {
    const { id, task, scheduleId, attempt: number } = attempt.claimed
    const named = { job: id, task, schedule: scheduleId, attempt: number }
    const line = (level: keyof Logger) => (fields: object, message?: string) =>
      logger[level]({ ...named, ...fields }, message)
    // To make one line of both sets of fields may throw as well: a handler may log anything.
    return harmless({ debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') })
  }
}
