import type { Logger } from 'escapement'
import type { Fact } from '../history.ts'
import type { Recorder } from '../recorder.ts'

/** Told better by the handlers and the ledger. */
const leftOut: ReadonlySet<unknown> = new Set(['job.started', 'schedule.decided'])

/**
 * A logger that writes the product's events into the history as they are told; those of a job with the attempt that
 * this process began.
 */
export function recordingLogger(recorder: Recorder, fences: ReadonlyMap<string, number>): Logger {
  const write = (fields: object): void => {
    const { event, app, host, err, ...facts } = fields as Record<string, unknown>
    void [app, host]
    if (typeof event !== 'string' || leftOut.has(event)) return
    const fence = fences.get(String(facts['jobId']))
    const error = err === undefined ? {} : { error: (err as Error).message }
    recorder.write({ what: event, ...facts, ...error, ...(fence === undefined ? {} : { fence }) } as unknown as Fact)
  }
  return { debug: write, info: write, warn: write, error: write }
}
