import { Recorder } from '../recorder.ts'

/** What the rig hands to every process of a run, by the environment. */
export interface Surroundings {
  readonly history: string
  readonly clockOffsetMs: number
  /** The last instant that may be a fire time. */
  readonly endsAt: number
  readonly schedules: number
  readonly seed: number
  readonly leaseTtlMs: number
}

export const toEnvironment = (given: Surroundings): Record<string, string> => ({ CHAOS_RUN: JSON.stringify(given) })

export const surroundings = (): Surroundings => JSON.parse(process.env['CHAOS_RUN'] ?? '{}') as Surroundings

/** This process's own file of the history; a process id can come again, the instant of a start can't. */
export function recorderOf({ history, clockOffsetMs }: Surroundings, what: string): Recorder {
  return new Recorder(history, `${what}-${process.pid}-${process.hrtime.bigint()}`, clockOffsetMs)
}
