import type { Delivery, JobOrigin, JobState, NewJob } from '../../core/job/job.ts'
import type { Outcome } from '../../core/job/settle.ts'

/**
 * Numbers that stand for words in the rows of jobs: a byte less per row means fewer pages to write. They are part of
 * the schema: a number is never given to another word. The SQL of both stores writes the states as numbers.
 */
export const stateCodes = {
  scheduled: 0,
  available: 1,
  running: 2,
  retryable: 3,
  completed: 4,
  cancelled: 5,
  discarded: 6
} as const satisfies Record<JobState, number>

const originCodes = { enqueue: 0, fire: 1, start: 2, manual: 3 } as const satisfies Record<JobOrigin, number>
/** The origin of a job that was enqueued with a delay: the correction after a wrong clock needs it. */
export const DELAYED = 4
export const originCode = ({ origin, isDelayed }: Pick<NewJob, 'origin' | 'isDelayed'>): number =>
  isDelayed === true ? DELAYED : originCodes[origin]
export const deliveryCodes = { 'at-least-once': 0, 'at-most-once': 1 } as const satisfies Record<Delivery, number>
export const outcomeCodes = { completed: 0, failed: 1, 'given-back': 2, snoozed: 3 } as const satisfies Record<
  Outcome['kind'],
  number
>

const wordsOf = <Word extends string>(codes: Record<Word, number>): Word[] => {
  const words: Word[] = []
  for (const word in codes) words[codes[word]] = word
  return words
}

const states = wordsOf<JobState>(stateCodes)
const origins = wordsOf<JobOrigin>(originCodes)
const deliveries = wordsOf<Delivery>(deliveryCodes)

export const stateOf = (code: number): JobState => states[code]!
export const originOf = (code: number): JobOrigin => (code === DELAYED ? 'enqueue' : origins[code]!)
export const deliveryOf = (code: number): Delivery => deliveries[code]!
