import { EscapementError } from '../errors.ts'
import { firstInstantMs, formatInstant, instantMs, lastInstantMs, type Instant } from './instant.ts'

/** The options of `every`, and of `cron` among others. */
export interface BoundsOptions {
  /**
   * The first instant that may be a fire time (inclusive).
   * @default 1970-01-01T00:00:00Z
   */
  start?: Instant | undefined
  /**
   * The last instant that may be a fire time (inclusive).
   * @default no end
   */
  end?: Instant | undefined
}

export interface Bounds {
  startMs: number
  endMs: number
  /** The part of the trigger's JSON: only the bounds that were given. */
  json: { start?: string; end?: string }
}

/**
 * Reads both bounds, which are inclusive.
 *
 * @throws EscapementError `trigger-invalid`, also if the end is before the start
 */
export function boundsOf(kind: string, options: BoundsOptions): Bounds {
  const json: Bounds['json'] = {}
  const startMs = options.start === undefined ? firstInstantMs : instantMs(`${kind}: start`, options.start)
  const endMs = options.end === undefined ? lastInstantMs : instantMs(`${kind}: end`, options.end)
  if (options.start !== undefined) json.start = formatInstant(startMs)
  if (options.end !== undefined) json.end = formatInstant(endMs)
  if (endMs < startMs) {
    const got = `end ${formatInstant(endMs)} got before start ${formatInstant(startMs)}`
    throw new EscapementError('trigger-invalid', `${kind}: ${got}; the end takes an instant not before the start.`)
  }
  return { startMs, endMs, json }
}
