import { expect, onTestFinished, test } from 'vitest'
import type { EventMap } from '../../src/core/events.ts'
import type { Logger } from '../../src/core/job/handler.ts'
import { Emitter } from '../../src/runtime/events/emitter.ts'
import { logEvents } from '../../src/runtime/events/log-subscriber.ts'
import { Seats } from '../../src/runtime/seats/seats.ts'
import { ManualClock, openMemoryStore } from '../../src/testing.ts'
import type { SeatBackend } from '../../src/coordination/backend.ts'

const times = { ttlMs: 15_000, renewEveryMs: 5_000 }

test('a server that is away is asked less and less often, and only the first line has a stack', async () => {
  const clock = new ManualClock()
  const events = new Emitter()
  const away = { name: 'redis', contendEveryMs: 100, beatEveryMs: 5_000, isLeased: true } as const
  const backend: SeatBackend = {
    ...away,
    prepare: async () => undefined,
    take: () => Promise.reject(new Error('connect ECONNREFUSED')),
    close: async () => undefined
  }
  const failures: EventMap['loop.failed'][] = []
  events.on('loop.failed', facts => failures.push(facts))
  const lines: object[] = []
  const line = (fields: object): void => void lines.push(fields)
  const logger: Logger = { debug: line, info: line, warn: line, error: line }
  logEvents(events, logger, 'debug', {})
  const seats = new Seats({
    ...times,
    clock,
    events,
    backend,
    random: () => 1,
    holder: { id: 'ada', host: 'harbour', pid: 1 },
    patienceMs: 0,
    newId: () => 'id',
    taskOf: () => {
      throw new Error('no task is asked for')
    }
  } as never)
  onTestFinished(() => seats.stop())
  seats.start(openMemoryStore({ clock }), backend, true)
  for (let passed = 0; failures.length < 10; passed++) {
    if (passed > 1_000) throw new Error('it was not tried ten times')
    await clock.advance(1_000)
  }
  expect(failures.slice(0, 10).map(({ retryMs }) => retryMs)).toEqual([
    100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000
  ])
  expect(lines.filter(fields => 'err' in fields)).toHaveLength(1)
  expect(lines.length).toBeGreaterThanOrEqual(10)
})
