import { setTimeout as pass } from 'node:timers/promises'
import { createEscapement, task } from 'escapement'
import { recorded } from '../checker/recorded.ts'
import { readHistory } from '../history.ts'
import { storeTime } from '../recorder.ts'
import { orderOf, UNKNOWN_QUEUE, UNKNOWN_TASK } from '../workload.ts'
import { recorderOf, surroundings } from './surroundings.ts'
import { tasksOf } from './tasks.ts'

/**
 * Asks for jobs at an even rate: `node feeder.ts <share> <of> <rate> <beganAt>`. Of the run's numbered jobs it asks for
 * those that leave `share` when divided by `of`. It repeats each until it, or a feeder that was killed before, got a
 * response. It ends when it has got one for all that were due until the end of the run.
 */
const [, , share = '0', of = '1', rate = '0', beganAt = '0'] = process.argv
const TICK_MS = 20
const given = surroundings()
const answered = answeredBefore()
const recorder = recorderOf(given, 'feeder')
const tasks = {
  ...tasksOf(recorder),
  [UNKNOWN_TASK]: task(UNKNOWN_TASK, { queue: UNKNOWN_QUEUE, handler: () => undefined })
}
const caller = createEscapement({ tasks: Object.values(tasks), logger: false })

function answeredBefore(): Set<string> {
  return new Set(recorded(readHistory(given.history), 'enqueue.answered').map(({ job }) => job))
}

async function ask(number: number): Promise<void> {
  const { id, task, delayMs, uniqueKey } = orderOf(given.seed, number)
  const key = uniqueKey === undefined ? {} : { uniqueKey }
  const delay = delayMs === 0 ? {} : { delay: delayMs }
  const runAt = delayMs === 0 ? {} : { runAt: now() + delayMs }
  for (;;) {
    recorder.write({ what: 'enqueue.asked', job: id, task, ...runAt, ...key })
    try {
      const { outcome } = await caller.enqueue(tasks[task], null, { id, ...key, ...delay })
      if (outcome !== 'replaced') return recorder.write({ what: 'enqueue.answered', job: id, outcome })
    } catch {
      await pass(200)
    }
  }
}

const now = (): number => storeTime(given.clockOffsetMs)
const dueUntil = (at: number): number =>
  Math.floor(((Math.min(at, given.endsAt) - Number(beganAt)) / 1_000) * Number(rate))
console.log('feeding')
const asked: Promise<void>[] = []
let next = 0
const isMine = (number: number): boolean =>
  number % Number(of) === Number(share) && !answered.has(orderOf(given.seed, number).id)

for (let at = 0; at < given.endsAt; await pass(TICK_MS)) {
  at = now()
  for (const due = dueUntil(at); next < due; next++) if (isMine(next)) asked.push(ask(next))
}
await Promise.all(asked)
await caller.stop()
