import { expect, test } from 'vitest'
import { verifyBooks } from '../../src/views/verification.ts'
import { callerOn } from './books-of-test.ts'
import { type Managed, underPm2, underSupervisor } from './ship-tracker-managed.ts'

const VISITS = 2

test.each([
  ['PM2', underPm2],
  ['Supervisor', underSupervisor]
])(
  'the ship tracker under %s: each program is restarted alone, and each fire time is recorded once',
  async (_, start) => {
    const managed = await start()
    const everyPort = [...managed.webPorts, managed.schedulerPort]
    await Promise.all(everyPort.map(untilHealthy))
    const [webs, schedulers] = [await managed.pids('ship-web'), await managed.pids('ship-scheduler')]
    expect([webs.length, schedulers.length]).toEqual([2, 1])

    await managed.restart('ship-web')
    await Promise.all(everyPort.map(untilHealthy))
    expect(await managed.pids('ship-scheduler')).toEqual(schedulers)
    const restarted = await managed.pids('ship-web')
    expect(restarted.some(pid => webs.includes(pid))).toBe(false)

    await managed.restart('ship-scheduler')
    await untilHealthy(managed.schedulerPort)
    expect(await managed.pids('ship-web')).toEqual(restarted)
    expect(await managed.pids('ship-scheduler')).not.toEqual(schedulers)

    await assertRecordedOnce(managed)
    await managed.stop()
    for (const port of everyPort) await expect(fetch(healthOf(port))).rejects.toThrow()
  }
)

async function assertRecordedOnce({ books }: Managed): Promise<void> {
  const app = callerOn(books)
  await expect
    .poll(async () => (await app.jobs.list({ state: 'completed' })).items.length)
    .toBeGreaterThanOrEqual(VISITS)
  const store = await app.store()
  const { schedules } = await verifyBooks(store, { from: undefined, to: (await store.now()) - 5_000 })
  expect(schedules).toMatchObject([{ id: 'ship-arrivals', double: 0, missing: 0 }])
}

const healthOf = (port: number): string => `http://127.0.0.1:${port}/health`

async function untilHealthy(port: number): Promise<void> {
  await expect.poll(() => fetch(healthOf(port)).then(({ status }) => status, String)).toBe(200)
}
