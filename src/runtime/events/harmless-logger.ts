import type { Logger } from '../../core/job/handler.ts'
import { isThenable } from '../attempts/thenable.ts'

/** A logger whose faults stay its own: a reader that is gone or a full disk ends no job and no process. */
export function harmless(logger: Logger): Logger {
  const line =
    (level: keyof Logger) =>
    (fields: object, message?: string): void => {
      // A line that fails with its fields may succeed without them.
      if (!hasWritten(logger, level, [fields, message])) hasWritten(logger, level, [{}, message])
    }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

function hasWritten(logger: Logger, level: keyof Logger, said: readonly [object, string | undefined]): boolean {
  try {
    const answer: unknown = logger[level](...said)
    if (isThenable(answer)) void Promise.resolve(answer).catch(() => undefined)
    return true
  } catch {
    // There is nowhere left to report it.
    return false
  }
}
