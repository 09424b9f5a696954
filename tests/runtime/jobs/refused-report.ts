import { expect, onTestFinished, test, vi } from 'vitest'
import { createEscapement, task } from '../../../src/index.ts'
import type { Report } from '../../../src/core/job/settle.ts'

/** Reports that the books at an address refuse, because they hold what no column takes. */
export function testRefusedReports(address: () => Promise<string>): void {
  test('a report that these books refuse for good ends its own attempt, and holds up no other', async () => {
    const load = task('load', { handler: ({ payload }) => payload })
    const app = createEscapement({ database: await address(), tasks: [load], logger: false })
    onTestFinished(() => app.stop({ graceMs: 0 }))
    const store = await app.store()
    const refused = Promise.withResolvers<{ jobId: string; outcome: string }>()
    app.on('job.report-refused', refused.resolve)
    const completed: string[] = []
    app.on('job.completed', ({ jobId }) => completed.push(jobId))
    const { id: bad } = await app.enqueue(load, 'bad')
    const others = await app.enqueueMany(load, ['a', 'b', 'c', 'd', 'e'])
    spoil(store.sparing ?? store, bad)
    await app.start()
    expect(await refused.promise).toMatchObject({ jobId: bad, outcome: 'completed' })
    await vi.waitUntil(() => completed.length === others.length)
    expect(completed).not.toContain(bad)
    expect(await app.jobs.get(bad)).toMatchObject({ state: 'discarded', errors: [{ code: 'report-refused' }] })
  })
}

/** The success of this job reaches the store as a failure to be tried again at no instant. */
function spoil(writes: { settle: (reports: readonly Report[]) => Promise<unknown> }, id: string): void {
  const settle = writes.settle.bind(writes)
  const failure = { attempt: 1, at: Number.NaN, message: 'fog' }
  writes.settle = reports =>
    settle(
      reports.map(report =>
        report.id === id && report.outcome.kind === 'completed'
          ? { ...report, outcome: { kind: 'failed', failure, retryAt: Number.NaN } }
          : report
      )
    )
}
