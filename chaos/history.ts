import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What an app's task was asked for, before its result is known. */
export interface Asked {
  readonly what: 'enqueue.asked'
  readonly job: string
  readonly task: string
  readonly runAt?: number
  readonly uniqueKey?: string
}

export interface Answered {
  readonly what: 'enqueue.answered'
  readonly job: string
  readonly outcome: 'enqueued' | 'exists' | 'duplicate'
}

/** Written by the body of a handler as its first act. */
export interface Begun {
  readonly what: 'attempt.begun'
  readonly job: string
  readonly fence: number
  readonly task: string
  readonly runAt: number
  readonly key: string
  readonly schedule?: string
  readonly fireAt?: number
}

/** The body's last act: what follows is the report, or the transaction that is the report. */
export interface Finishing {
  readonly what: 'attempt.finishing'
  readonly job: string
  readonly fence: number
}

/** The handler has ended, however it ended. */
export interface Left {
  readonly what: 'attempt.left'
  readonly job: string
  readonly fence: number
}

/** A node's own record, after the store's response. */
export interface Ended {
  readonly what: 'job.completed' | 'job.failed' | 'job.discarded' | 'job.cancelled' | 'job.stale'
  readonly jobId: string
  /** The latest attempt of the job that this process began; absent when it began none. */
  readonly fence?: number
}

export interface NodeFact {
  readonly what: 'node.started' | 'node.stopped' | 'node.lease-lost' | 'loop.failed' | 'loop.recovered'
  readonly pid: number
}

/** A seat: held under a term by one node at a time. */
export interface Seated {
  readonly what: 'seat.elected' | 'seat.deposed'
  readonly pid: number
  readonly seat: string
  readonly term: number
}

/** An operator's change, as requested and as resolved. */
export interface Operated {
  readonly what: 'schedule.pausing' | 'schedule.paused' | 'schedule.resuming' | 'schedule.resumed'
  readonly schedule: string
}

/** What the rig did to the processes, and what it saw of them. */
export interface Struck {
  readonly what: 'fault.began' | 'fault.ended'
  readonly number: number
  readonly kind: string
  /** The processes that were struck, or whose store was. */
  readonly pids: readonly number[]
}

export interface Exited {
  readonly what: 'process.ended'
  readonly pid: number
  readonly code: number | null
  readonly signal: string | null
}

export interface Milestone {
  readonly what: 'run.began' | 'run.fed' | 'run.drained' | 'quiet.began' | 'quiet.ended' | 'clock.right'
}

/** Others used the machine within the last second, so much of it. */
export interface Shared {
  readonly what: 'machine.shared'
  readonly share: number
}

export type Fact =
  | Asked
  | Answered
  | Begun
  | Finishing
  | Left
  | Ended
  | NodeFact
  | Seated
  | Operated
  | Struck
  | Exited
  | Milestone
  | Shared

/** One line of a process, with the store's time at which it was written. */
export type Entry = Fact & { readonly by: string; readonly at: number }

/**
 * All that the processes wrote into this folder, in the order of the store's time. A line that was cut off by a kill
 * says nothing.
 */
export function readHistory(folder: string): Entry[] {
  const entries = readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .flatMap(name => entriesOf(name.slice(0, -'.jsonl'.length), readFileSync(join(folder, name), 'utf8')))
  return entries.sort((a, b) => a.at - b.at)
}

const entriesOf = (by: string, text: string): Entry[] =>
  text.split('\n').flatMap(line => {
    const fact = factOf(line)
    return fact === undefined ? [] : [{ ...fact, by }]
  })

function factOf(line: string): (Fact & { at: number }) | undefined {
  try {
    return JSON.parse(line) as Fact & { at: number }
  } catch {
    return undefined
  }
}
