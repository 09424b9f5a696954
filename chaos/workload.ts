import type { Delivery } from '../src/core/job/job.ts'

/** What a run asks of the product: the processes make it of this, and the checker holds the history to it. */
export interface IntendedTask {
  readonly delivery: Delivery
  /** Its handler's last act is a transaction that writes one row of effects. */
  readonly isTransactional: boolean
}

export interface IntendedSchedule {
  readonly id: string
  readonly task: TaskName
  /** Fire times are the multiples of it, counted from the Unix epoch. */
  readonly everyMs: number
  /** The last instant that may be a fire time. */
  readonly endAt: number
}

export const tasks = {
  mark: { delivery: 'at-least-once', isTransactional: true },
  note: { delivery: 'at-least-once', isTransactional: false },
  once: { delivery: 'at-most-once', isTransactional: false },
  /** Its first attempt fails. */
  flaky: { delivery: 'at-least-once', isTransactional: false },
  /** Runs longer than the period of its schedule. */
  slow: { delivery: 'at-least-once', isTransactional: true },
  order: { delivery: 'at-least-once', isTransactional: false },
  receipt: { delivery: 'at-least-once', isTransactional: true },
  /** Enqueued in the name of the seat of this name, under its term. */
  duty: { delivery: 'at-least-once', isTransactional: false }
} as const satisfies Record<string, IntendedTask>

export type TaskName = keyof typeof tasks

/** A seat that every web process stands for. */
export const SEAT = 'duty'
/** What its holder writes, as the payload of a job. */
export interface Duty {
  readonly term: number
  readonly pid: number
}

/** Enqueued like the others, and handled by no process. */
export const UNKNOWN_TASK = 'nobody-knows'
export const UNKNOWN_QUEUE = 'unknown'

/** Of the deployment; processes of the one before come back at times. */
export const RELEASE = 2

/** Jobs of one schedule that may be unfinished at the same time: the product's default. */
export const MAY_LIVE = 1
/** Attempts that may run in one process at the same time. */
export const CONCURRENCY = 10
export const SLOW_RUN_MS = 1_400
export const RETRY_AFTER_MS = 300

const MAX_PERIOD_S = 7
const ofEvery10: readonly TaskName[] = ['once', 'flaky', 'note']
/** Paused and resumed by the operator during the run. */
export const RESTLESS = 'restless'

/** `count` schedules that fire every 1 to 7 s, two special ones among them. */
export function schedulesOf(count: number, endAt: number): IntendedSchedule[] {
  const plain = Array.from({ length: Math.max(0, count - 2) }, (_, index) => ({
    id: `s${index}`,
    task: ofEvery10[index % 10] ?? 'mark',
    everyMs: (1 + (index % MAX_PERIOD_S)) * 1_000,
    endAt
  }))
  return [
    ...plain,
    { id: 'slow', task: 'slow', everyMs: 1_000, endAt },
    { id: RESTLESS, task: 'mark', everyMs: 1_000, endAt }
  ]
}

const UNIQUE_OF_EVERY = 20
const KEYS = 4
const LATER_OF_EVERY = 10
const LATER_MS = 1_500

export interface Order {
  readonly id: string
  readonly task: TaskName | typeof UNKNOWN_TASK
  /** Not before so much later than the enqueue. */
  readonly delayMs: number
  readonly uniqueKey: string | undefined
}

/** The nth job that the feeders ask for. A feeder that asks again after a crash asks for the very same. */
export function orderOf(seed: number, number: number): Order {
  return {
    id: orderId(seed, number),
    task: number % 500 === 250 ? UNKNOWN_TASK : number % 4 === 0 ? 'receipt' : 'order',
    delayMs: number % LATER_OF_EVERY === 3 ? LATER_MS : 0,
    uniqueKey: number % UNIQUE_OF_EVERY === 7 ? `key-${Math.floor(number / UNIQUE_OF_EVERY) % KEYS}` : undefined
  }
}

/** A UUID (version 8) of the run and the number. */
function orderId(seed: number, number: number): string {
  const run = (seed >>> 0).toString(16).padStart(8, '0')
  return `${run}-0000-8000-8000-${number.toString(16).padStart(12, '0')}`
}
