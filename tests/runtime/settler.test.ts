import { expect, test, vi } from 'vitest'
import { task } from '../../src/core/task.ts'
import { failing, heard, Lab } from './lab.ts'

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
