import { afterEach, expect, test, vi } from 'vitest'
import { createEscapement, task } from '../../src/index.ts'
import { freshDatabase } from '../stores/postgres/server.ts'

const HOUR_MS = 3_600_000
const anHourOff = [
  ['ahead', HOUR_MS],
  ['behind', -HOUR_MS]
] as const

afterEach(() => vi.restoreAllMocks())

test.for(anHourOff)(
  'on a host whose clock is an hour %s, delays and retries are as long as they were asked to be',
  {
    timeout: 120_000
  },
  async ([, aheadMs]) => {
    const right = Date.now.bind(Date)
    vi.spyOn(Date, 'now').mockImplementation(() => right() + aheadMs)
    const startedAt: number[] = []
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const twice = task('twice', {
      maxAttempts: 2,
      retry: [1_500],
      handler: () => {
        startedAt.push(right())
        if (startedAt.length === 1) throw new Error('once')
        end()
      }
    })
    const escapement = createEscapement({
      database: await freshDatabase(),
      tasks: [twice],
      roles: ['worker'],
      logger: false
    })
    await escapement.start()
    const askedAt = right()
    await escapement.enqueue(twice, null, { delay: 1_500 })
    await ended
    await escapement.stop()
    const waits = [startedAt[0]! - askedAt, startedAt[1]! - startedAt[0]!]
    for (const waited of waits) expect(waited).toBeGreaterThanOrEqual(1_490)
    for (const waited of waits) expect(waited).toBeLessThan(15_000)
  }
)
