import { isName } from '../../core/options/names.ts'
import { invalidSetting } from '../kinds/invalid.ts'
import { duration, type Kind, onlyCode, whole } from '../kinds/kind.ts'
import { row } from '../row.ts'

const MAX_CONCURRENCY = 10_000
const concurrency = whole(1, MAX_CONCURRENCY)

const isQueueMap = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length > 0 &&
  Object.entries(value).every(([name, share]) => isName(name) && concurrency.isTaken(share))

const TEXT_TAKES = 'queues, each with its concurrency, such as mail:5,reports:1'

const queueShares: Kind<Readonly<Record<string, number>>> = {
  ...onlyCode(
    `queue names, each with a whole number from 1 to ${MAX_CONCURRENCY}, such as { mail: 5 }`,
    isQueueMap,
    queues => JSON.stringify(queues)
  ),
  textTakes: TEXT_TAKES,
  fromText: parseQueues
}

/** Each queue needs a number: otherwise its concurrency would be a guess. */
function parseQueues(text: string, setting: string): Readonly<Record<string, number>> {
  const shares = text.split(',').map(each => /^\s*(.*\S)\s*:\s*(\d+)\s*$/.exec(each)?.slice(1) ?? [])
  const queues = Object.fromEntries(shares.map(([name = '', share]) => [name, Number(share)]))
  if (isQueueMap(queues) && Object.keys(queues).length === shares.length) return queues
  throw invalidSetting(setting, text, TEXT_TAKES)
}

export const worker = {
  /**
   * The most jobs that run at the same time in this process.
   * @default `WORKER_CONCURRENCY`, else 10
   */
  concurrency: row({
    kind: concurrency,
    default: 10,
    meaning: 'Jobs that run at the same time in one process',
    variables: { WORKER_CONCURRENCY: { example: '10' } },
    concerns: ['worker']
  }),
  /**
   * Queues that this process works, each with its own concurrency.
   * @default `WORKER_QUEUES`, else every queue, sharing `concurrency`
   */
  queues: row({
    kind: queueShares,
    defaultIs: 'every queue, sharing worker.concurrency',
    meaning: 'Queues that the process works, each with its own concurrency',
    variables: { WORKER_QUEUES: { example: 'mail:5,reports:1' } },
    concerns: ['worker']
  }),
  /**
   * How often the worker looks for jobs when nothing wakes it; 10 ms to 1 h.
   * @default `WORKER_INTERVAL`, else 1 s
   */
  interval: row({
    kind: duration(10, 3_600_000),
    default: 1_000,
    meaning: 'How often a worker looks for jobs when nothing wakes it',
    variables: { WORKER_INTERVAL: { example: '1s' } },
    concerns: ['worker']
  }),
  /**
   * How long a job waits before it counts as one priority more urgent, 1 s or more. Without it a job may
   * wait forever behind more urgent ones. Use the same value for all workers that share queues.
   * @default never
   */
  priorityAging: row({
    kind: duration(1_000),
    defaultIs: 'never',
    meaning:
      'How long a job waits before it counts as one priority more urgent; use the same value for all workers of a queue',
    concerns: ['worker']
  })
}
