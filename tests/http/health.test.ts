import { expect, onTestFinished, test, vi } from 'vitest'
import { createEscapement, task } from '../../src/index.ts'

const TOKEN = 'a-token-of-sixteen'
const mail = task('mail', { handler: () => undefined })

async function appThat(starts: boolean, coordination?: { backend: 'redis'; redisUrl: string }) {
  vi.stubEnv('SCHEDULER_API_TOKEN', TOKEN)
  onTestFinished(() => void vi.unstubAllEnvs())
  const app = createEscapement({
    database: 'memory:',
    tasks: [mail],
    logger: false,
    ...(coordination && { coordination })
  })
  onTestFinished(() => app.stop())
  if (starts) await app.start()
  return async (path: string, headers = {}) => {
    const response = await app.fetch(new Request(`http://localhost${path}`, { headers }))
    return { status: response.status, body: (await response.json()) as object }
  }
}

test('/health is open, and says whether somebody schedules', async () => {
  const instant = expect.stringMatching(/^2.*Z$/) as string
  const alone = await appThat(false)
  const none = { status: 'degraded', scheduler_running: false, redis_connected: null, timestamp: instant }
  expect(await alone('/health')).toEqual({ status: 200, body: none })
  const started = await appThat(true)
  const one = { status: 'ok', scheduler_running: true, redis_connected: null, timestamp: instant }
  for (const path of ['/health', '/api/v1/health', '/api/v1/health/'])
    expect(await started(path)).toEqual({ status: 200, body: one })
})

test('/health says that Redis does not respond', async () => {
  const ask = await appThat(false, { backend: 'redis', redisUrl: 'redis://127.0.0.1:1' })
  expect((await ask('/health')).body).toMatchObject({ status: 'degraded', redis_connected: false })
})

test('/metrics has the shares of the host as JSON, and takes the token', async () => {
  const ask = await appThat(false)
  const accept = 'application/json'
  expect(await ask('/metrics', { accept })).toMatchObject({ status: 401, body: { code: 'credentials-missing' } })
  const { status, body } = await ask('/metrics', { accept, authorization: `Bearer ${TOKEN}` })
  expect(status).toBe(200)
  const share = expect.any(Number) as number
  expect(body).toMatchObject({ cpu_percent: share, memory_percent: share, disk_usage: share })
})
