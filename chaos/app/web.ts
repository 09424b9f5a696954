import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pass } from 'node:timers/promises'
import { createEscapement, type Tenure } from 'escapement'
import { storeTime } from '../recorder.ts'
import { type Duty, SEAT } from '../workload.ts'
import { recordingLogger } from './recording-logger.ts'
import { recorderOf, surroundings } from './surroundings.ts'
import { tasksOf } from './tasks.ts'

/** The web app of a run: it stands for a seat, and as long as it holds it enqueues in its name. */
const WRITE_EVERY_MS = 200
const given = surroundings()
const recorder = recorderOf(given, 'web')
const tasks = tasksOf(recorder)

async function beOnDuty(tenure: Tenure): Promise<void> {
  const { term, signal } = tenure
  const payload: Duty = { term, pid: process.pid }
  const write = async (): Promise<void> => {
    const id = randomUUID()
    recorder.write({ what: 'enqueue.asked', job: id, task: SEAT })
    await tenure.enqueue(tasks.duty, payload, { id }).catch(() => undefined)
  }
  while (!signal.aborted && storeTime(given.clockOffsetMs) < given.endsAt) {
    await write()
    await pass(WRITE_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
  // Whoever has lost the seat may still write as if he held it, and must not get through.
  if (signal.aborted) await write()
}

const app = createEscapement({
  tasks: [tasks.duty],
  roles: ['web'],
  lease: { ttl: given.leaseTtlMs },
  coordination: { ttl: given.leaseTtlMs },
  logger: recordingLogger(recorder, new Map())
})
app.onPrimary({ seat: SEAT, onElected: beOnDuty })
await app.start()
process.on('SIGTERM', () => void app.stop())

export default (_: IncomingMessage, response: ServerResponse): void => void response.end(`${process.pid}\n`)
