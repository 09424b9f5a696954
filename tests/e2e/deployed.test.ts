import { expect, test } from 'vitest'
import { verifyBooks } from '../../src/views/verification.ts'
import { callerOn } from './books-of-test.ts'
import { Deployed } from './deployed.ts'

interface Page {
  readonly pid: number
  readonly path: string
  readonly forwarded: string
  readonly proto: string
}
interface Status {
  readonly process: { readonly name: string; readonly pid: number }
  readonly scheduler: { readonly running: boolean }
}

const PAGE = '/arrivals?of=today'
const STATUS = '/api/v1/scheduler/status'
const anyone = (): boolean => true

test('nginx and Supervisor before the dedicated topology: each path has its process, and each process comes back', async () => {
  const app = await Deployed.start()
  const page = await app.until<Page>(PAGE, anyone)
  expect(page).toMatchObject({ path: PAGE, forwarded: app.url.slice('http://'.length), proto: 'http' })
  const status = await app.until<Status>(STATUS, ({ scheduler }) => scheduler.running)
  expect(status.process.name).toBe('scheduler.1')
  expect((await app.get<{ process: string }>('/api/v1/health/basic')).process).toMatch(/^web\.\d$/)
  // Answered by the scheduler process itself: a redirect of nginx would name its own port.
  const bare = await app.ask('/api/v1/scheduler?a=1')
  expect([bare.status, await bare.json()]).toEqual([404, expect.objectContaining({ code: 'path-unknown' })])

  const caller = callerOn(app.books)
  await killEach(app)
  const store = await caller.store()
  const backAt = await store.now()
  // Fires again after the last kill, so that the books are whole up to then.
  for (;;) {
    const [row] = await store.latestLedger('second', 1)
    if (row !== undefined && row.fireAt > backAt + 1_000) break
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  const { schedules } = await verifyBooks(store, { from: undefined, to: backAt })
  expect(schedules).toMatchObject([{ id: 'second', double: 0, missing: 0 }])
})

/** Web process, scheduler process, and both masters, one after the other; each is answered for anew within its test's time. */
async function killEach(app: Deployed): Promise<void> {
  const web = await app.get<Page>(PAGE)
  process.kill(web.pid, 'SIGKILL')
  await app.until<Page>(PAGE, anyone)
  const before = await app.get<Status>(STATUS)
  process.kill(before.process.pid, 'SIGKILL')
  const restarted = await app.until<Status>(STATUS, ({ process: { pid } }) => pid !== before.process.pid)
  expect(restarted.process.name).toBe('scheduler.1')
  for (const program of ['app-web', 'app-scheduler']) {
    const path = program === 'app-web' ? PAGE : STATUS
    const master = app.master(program)
    expect(master).toBeGreaterThan(0)
    process.kill(master, 'SIGKILL')
    while ([0, master].includes(app.master(program))) await new Promise(resolve => setTimeout(resolve, 100))
    await app.until(path, anyone)
  }
}
