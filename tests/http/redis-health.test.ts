import { expect, onTestFinished, test } from 'vitest'
import { createEscapement } from '../../src/index.ts'
import { startRedis } from '../services/redis.ts'

test('/health says that Redis responds, and within a second or two that it has gone', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const app = createEscapement({
    database: 'memory:',
    coordination: { backend: 'redis', redisUrl: redis.url },
    logger: false
  })
  onTestFinished(() => app.stop())
  const isConnected = async (): Promise<unknown> => {
    const response = await app.fetch(new Request('http://localhost/health'))
    return ((await response.json()) as { redis_connected: unknown }).redis_connected
  }
  expect(await isConnected()).toBe(true)
  await redis.stop()
  await expect.poll(isConnected).toBe(false)
})
