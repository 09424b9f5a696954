import type { Logger } from '../core/handler.ts'

/** A logger whose faults stay its own: that nobody reads it any more, or that its disk is full, ends no job and no process. */
export function harmless(logger: Logger): Logger {
  const line =
    (level: keyof Logger) =>
    (fields: object, message?: string): void => {
      try {
        logger[level](fields, message)
      } catch {
        // There is nowhere left to say it.
      }
    }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
