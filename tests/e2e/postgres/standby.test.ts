import { expect, onTestFinished, test } from 'vitest'
import { verifyBooks } from '../../../src/views/verification.ts'
import { isSound } from '../../../src/core/verify/verify-counts.ts'
import { every, schedule, task } from '../../../src/index.ts'
import { startPostgres, startStandby } from '../../services/postgres.ts'
import { execute } from '../../stores/postgres/server.ts'
import { appOn, proxyTo, eventOf } from './app.ts'

test('a node whose address comes to be a standby’s says so, and goes on by itself once that is promoted', async () => {
  const primary = await startPostgres()
  onTestFinished(() => primary.remove())
  const { proxy, url } = await proxyTo(primary.url())
  const load = task('load', { handler: () => undefined })
  const app = appOn(url, { tasks: [load], schedules: [schedule('often', { task: load, trigger: every('1s') })] })
  await app.start()
  await eventOf(app, 'job.completed', ({ scheduleId }) => scheduleId === 'often')
  const standby = await startStandby(primary)
  onTestFinished(() => standby.remove())

  const refused = eventOf(app, 'loop.failed', ({ error }) => error.message.includes('read-only'))
  await primary.stop('immediate')
  proxy.retarget(standby.port)
  expect(await refused).toMatchObject({ code: 'store-unavailable' })
  await expect(app.enqueue(load, null)).rejects.toMatchObject({
    code: 'store-unavailable',
    message: expect.stringContaining('read-only') as string
  })

  const fired = eventOf(app, 'job.completed', ({ scheduleId }) => scheduleId === 'often')
  await execute('SELECT pg_promote()', standby.url())
  await fired
  const { schedules } = await verifyBooks(await app.store(), { from: undefined, to: undefined })
  expect(schedules.map(verification => isSound(verification))).toEqual([true])
})
