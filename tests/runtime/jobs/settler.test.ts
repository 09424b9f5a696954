import { describe, expect, test, vi } from 'vitest'
import { EscapementError } from '../../../src/core/errors.ts'
import type { AttemptKey } from '../../../src/core/job/job.ts'
import type { Report } from '../../../src/core/job/settle.ts'
import { task } from '../../../src/core/job/task.ts'
import type { SparingWrites } from '../../../src/store/sparing.ts'
import type { Store } from '../../../src/store/store.ts'
import { failing, heard, Lab, START, tampered } from '../lab.ts'

async function oneRun(lab: Lab) {
  let runs = 0
  const load = task('load', { handler: () => ++runs })
  const node = await lab.started({ tasks: [load] })
  await node.enqueuer.enqueue(load, null)
  return { node, runs: () => runs }
}

test.each([
  ['that was not written', false],
  ['whose answer was lost after it was written', true]
])('a report %s is sent again, and the handler is not', async (_what, after) => {
  const lab = new Lab()
  const { node, runs } = await oneRun(lab)
  const stale = heard(node.events, 'job.stale')
  const settles = failing(node.store, 'settle', { times: 2, after })
  await expect(node.work()).rejects.toThrow('settle failed')
  await expect(node.settle()).rejects.toThrow('settle failed')
  await node.settle()
  expect(settles.calls).toBe(3)
  expect(lab.onlyJob).toMatchObject({ state: 'completed', result: '1' })
  expect(runs()).toBe(1)
  expect(stale).toEqual([])
})

test('a report that waits is still this node’s: a renewal does not give it back', async () => {
  const lab = new Lab()
  const { node } = await oneRun(lab)
  failing(node.store, 'settle')
  await expect(node.work()).rejects.toThrow('settle failed')
  lab.clock.set(lab.clock.now() + 5_000)
  await node.renew()
  expect(node.node.settler.pending).toBe(1)
  await node.settle()
  expect(lab.onlyJob.state).toBe('completed')
})

test('reports that come while a batch is under way go with the next, and one stale row sinks none', async () => {
  const lab = new Lab()
  const { settler } = (await oneRun(lab)).node.node
  const answers: string[] = []
  const report = { id: 'no-such-job', fence: 1, outcome: { kind: 'given-back' } } as const
  settler.add(report, answer => answers.push(answer))
  const flushed = settler.flush()
  settler.add(report, answer => answers.push(answer))
  await flushed
  await settler.idle()
  expect(answers).toEqual(['unknown', 'unknown'])
  expect(settler.pending).toBe(0)
})

test('the largest results go a few at a time: a thousand would be more than a text can hold', async () => {
  const lab = new Lab()
  const { node } = await oneRun(lab)
  const settle = vi.spyOn(node.store, 'settle')
  const outcome = { kind: 'completed', result: JSON.stringify('x'.repeat(999_000)) } as const
  for (let fence = 1; fence <= 20; fence++)
    node.node.settler.add({ id: 'no-such-job', fence, outcome }, () => undefined)
  await node.settle()
  expect(settle.mock.calls.map(([reports]) => reports.length)).toEqual([8, 8, 4])
})

/** Reports of so many jobs that run, each of another one. */
async function reportsOf(lab: Lab, count: number) {
  const load = task('load', { handler: () => undefined })
  const node = await lab.started({ tasks: [load] })
  await node.enqueuer.enqueueMany(load, Array.from({ length: count }))
  const request = { node: node.node.membership.id, tasks: ['load'], queues: undefined, limit: count }
  const { jobs } = await node.store.claim({ ...request, mayTakeSolo: false })
  const answers = new Map<string, string>()
  const add = (report: Report): void => node.node.settler.add(report, answer => answers.set(report.id, answer))
  return { node, jobs, answers, add, settler: node.node.settler }
}

const done = ({ id, fence }: AttemptKey): Report => ({ id, fence, outcome: { kind: 'completed', result: '"sound"' } })
const failedWith = ({ id, fence }: AttemptKey, retryAt: number, message = 'ebb'): Report => ({
  id,
  fence,
  outcome: { kind: 'failed', retryAt, failure: { attempt: 1, at: START, message } }
})

/** The store throws at each batch that holds a report of this job, but for plain failures of it. */
function refusing(
  store: Store,
  id: string,
  error: () => Error,
  isRefused: (report: Report) => boolean = () => true
): number[] {
  const calls: number[] = []
  tampered(store, 'settle', real => async (...args) => {
    const reports = args[0] as Report[]
    calls.push(reports.length)
    if (reports.some(report => report.id === id && isRefused(report))) throw error()
    return real(...args)
  })
  return calls
}

describe('a report that the store refuses for good', () => {
  const isSuccess = ({ outcome }: Report): boolean => outcome.kind === 'completed'

  test('holds up no other, and ends its attempt with a failure that says why', async () => {
    const lab = new Lab()
    const { node, jobs, answers, add } = await reportsOf(lab, 300)
    const bad = jobs[120]!
    const refused = heard(node.events, 'job.report-refused')
    const calls = refusing(node.store, bad.id, () => new TypeError('no such\u0007 number: ∞'), isSuccess)
    for (const job of jobs) add(done(job))
    await node.settle()
    expect(answers.size).toBe(299)
    expect(calls.length).toBeLessThan(40)
    for (let tries = 0; tries < 3; tries++) {
      lab.clock.set(lab.clock.now() + 1_000)
      await node.settle().catch(() => undefined)
    }
    expect(answers.get(bad.id)).toBe('refused')
    expect(node.node.settler.pending).toBe(0)
    expect(refused).toMatchObject([{ jobId: bad.id, outcome: 'completed', error: expect.any(TypeError) as unknown }])
    expect(lab.job(bad.id)).toMatchObject({ state: 'discarded', failures: 1 })
    expect(lab.job(bad.id).errors).toMatchObject([
      {
        code: 'report-refused',
        message: 'The store refused to write how this attempt ended (completed): no such? number: ?'
      }
    ])
  })

  test.each([
    [START + 60_000, 'retryable'],
    [Number.NaN, 'discarded']
  ])('keeps the retry that was to come, at %d', async (retryAt, state) => {
    const lab = new Lab()
    const { node, jobs, add } = await reportsOf(lab, 1)
    const [job] = jobs
    refusing(
      node.store,
      job!.id,
      () => new Error('no'),
      ({ outcome }) => outcome.kind === 'failed' && outcome.failure.code === undefined
    )
    add(failedWith(job!, retryAt))
    for (let tries = 0; tries < 3; tries++) await node.settle().catch(() => undefined)
    expect(lab.job(job!.id)).toMatchObject({ state, errors: [{ code: 'report-refused' }] })
  })

  test('is kept as it is where nothing else can be written either', async () => {
    const lab = new Lab()
    const { node, jobs, add } = await reportsOf(lab, 1)
    const restore = tampered(node.store, 'settle', () => async () => Promise.reject(new Error('no such table')))
    add(done(jobs[0]!))
    for (let tries = 0; tries < 10; tries++) await expect(node.settle()).rejects.toThrow('no such table')
    restore()
    await node.settle()
    expect(lab.job(jobs[0]!.id)).toMatchObject({ state: 'completed', result: '"sound"' })
  })
})

describe('a report on a job that others hold', () => {
  test('waits beside the others, and is sent again', async () => {
    const lab = new Lab()
    const { node, jobs, answers, add, settler } = await reportsOf(lab, 100)
    const calls = refusing(node.store, jobs[7]!.id, () => new EscapementError('store-busy', 'held'))
    for (const job of jobs) add(done(job))
    await node.settle()
    expect([answers.size, settler.pending]).toEqual([99, 1])
    expect(calls.length).toBeLessThan(20)
    add({ id: 'another', fence: 1, outcome: { kind: 'given-back' } })
    await node.settle()
    expect(answers.get('another')).toBe('unknown')
  })

  test('which the store knows, is sent again after a pause, and not with each batch', async () => {
    const lab = new Lab()
    const { node, jobs, answers, add, settler } = await reportsOf(lab, 3)
    let isHeld = true
    const sent: number[] = []
    const sparing: Pick<SparingWrites, 'settle'> = {
      settle: async reports => {
        sent.push(reports.length)
        const given = await node.store.settle(reports.filter(({ id }) => !isHeld || id !== jobs[1]!.id))
        return reports.map(({ id }) => (isHeld && id === jobs[1]!.id ? 'held' : given[0]!))
      }
    }
    Object.assign(node.store, { sparing })
    for (const job of jobs) add(done(job))
    await node.settle()
    await node.settle()
    expect([answers.size, settler.pending, settler.restMs, sent]).toEqual([2, 1, 250, [3]])
    isHeld = false
    lab.clock.set(lab.clock.now() + 250)
    await node.settle()
    await settler.idle()
    expect([answers.get(jobs[1]!.id), settler.restMs]).toEqual(['accepted', undefined])
  })
})

test('a thousand failures with long errors go in pieces, the smaller the more failures their jobs have had', async () => {
  const lab = new Lab()
  const { node, jobs } = await reportsOf(lab, 1_000)
  const sizes: number[] = []
  tampered(node.store, 'settle', real => async (...args) => {
    sizes.push((args[0] as Report[]).length)
    return real(...args)
  })
  const failure = { at: START, message: 'é'.repeat(2_000), stack: 'x'.repeat(4_000) }
  const send = async (attempt: number): Promise<number> => {
    sizes.length = 0
    for (const { id, fence } of jobs)
      node.node.settler.add(
        { id, fence, outcome: { kind: 'failed', retryAt: START, failure: { ...failure, attempt } } },
        () => undefined
      )
    await node.settle()
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_000)
    return Math.max(...sizes)
  }
  const [first, tenth, thousandth] = [await send(1), await send(10), await send(1_000)]
  expect([first * 8_000, tenth * 80_000, thousandth * 80_000].every(bytes => bytes <= 2_000_000)).toBe(true)
  expect(first).toBeGreaterThan(100)
  expect(tenth).toBeGreaterThan(10)
})

test('a batch that takes longer than the store has time for is sent again in halves', async () => {
  const lab = new Lab()
  const { node, jobs, answers, add } = await reportsOf(lab, 1_000)
  const sizes: number[] = []
  tampered(node.store, 'settle', real => async (...args) => {
    const { length } = args[0] as Report[]
    sizes.push(length)
    if (length <= 300) return real(...args)
    lab.clock.set(lab.clock.now() + 9_000)
    throw new EscapementError('store-busy', 'statement timeout')
  })
  for (const job of jobs) add(done(job))
  for (let tries = 0; tries < 2; tries++) await expect(node.settle()).rejects.toThrow('statement timeout')
  await node.settle().catch(() => undefined)
  expect(sizes.slice(0, 3)).toEqual([1_000, 500, 250])
  for (let tries = 0; tries < 9 && answers.size < 1_000; tries++) await node.settle().catch(() => undefined)
  expect(answers.size).toBe(1_000)
})
