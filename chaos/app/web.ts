import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as pass } from 'node:timers/promises'
import { createEscapement, type Tenure } from 'escapement'
import { storeTime } from '../recorder.ts'
import { type Duty, RELEASE, SEAT } from '../workload.ts'
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
  // A process that has lost the seat may still write as if it held it, and must not get through.
  if (signal.aborted) await write()
}

const app = createEscapement({
  tasks: [tasks.duty],
  roles: ['web'],
  release: RELEASE,
  lease: { ttl: given.leaseTtlMs },
  coordination: { ttl: given.leaseTtlMs },
  logger: recordingLogger(recorder, new Map())
})
app.onPrimary({ seat: SEAT, onElected: beOnDuty })
await app.start()
process.on('SIGTERM', () => void app.stop())

/** A response that never ends. */
function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const timer = setInterval(() => response.write(': here\n\n'), 250)
  response.once('close', () => clearInterval(timer))
}

/** A connection that is no longer HTTP, and that nothing but its other end would close. */
function stay(socket: Duplex): void {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  socket.on('error', () => undefined)
  socket.resume()
}

createServer((request, response) => (request.url === '/stream' ? stream(response) : response.end(`${process.pid}\n`)))
  .on('upgrade', (_, socket) => stay(socket))
  .listen(Number(process.env['PORT']), process.env['HOST'])
