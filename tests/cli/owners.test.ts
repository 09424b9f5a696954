import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { task } from '../../src/core/job/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { ManualNode } from '../../src/testing/manual-node.ts'
import { newId } from '../../src/new-id.ts'
import { emptyFolder, runCli, runJson } from './run-cli.ts'

interface Owners {
  readonly owners: Readonly<Record<string, readonly unknown[]>>
}
interface Doctor {
  readonly findings: readonly { readonly check: string; readonly what: string; readonly fix: string }[]
}

const load = task('load', { handler: () => undefined })
const scheduleOf = (id: string, priority = 0) => schedule(id, { task: load, trigger: every('52w'), priority })

/** Books in a file, and processes of deployments on them. */
function deployments() {
  const file = join(emptyFolder(), 'app.db')
  const clock = new ManualClock(Date.now())
  const deploy = async (config: object, ids: readonly string[], priority = 0): Promise<ManualNode> => {
    const store = await openSqliteStore({ file, clock })
    const schedules = ids.map(id => scheduleOf(id, priority))
    const node = new ManualNode({ store, clock, tasks: [load], schedules, config, newId })
    await node.start()
    onTestFinished(async () => {
      await node.stop()
      await store.close()
    })
    return node
  }
  return { deploy, url: `sqlite:${file}` }
}

test('status and doctor show orphans, refused ids, other definitions and shared tasks, each with what fixes it', async () => {
  const { deploy, url } = deployments()
  await deploy({ name: 'harbour', release: 1 }, ['nightly', 'old'])
  await deploy({ name: 'harbour', release: 2 }, ['nightly'], 5)
  await deploy({ name: 'shop' }, ['nightly', 'sales'])
  const { answer } = await runJson<Owners>(['status', '--database', url])
  expect(answer.owners).toEqual({
    orphans: [{ id: 'old', phase: 'active' }],
    unnamed: [],
    keptRemoved: [],
    differing: [{ process: expect.stringMatching(/:\d+$/), release: 1, scheduleIds: ['nightly'] }],
    refused: [{ scheduleId: 'nightly', app: 'shop', owner: 'harbour', ownedBy: 'code' }],
    strangers: []
  })
  const words = (await runCli(['status', '--database', url])).stdout
  expect(words).toContain('1 orphaned: no code names them any more (old). escapement schedules remove old')
  expect(words).toContain('"shop" names the schedule nightly, which belongs to the code of the app "harbour": refused.')
  const doctor = await runJson<Doctor>(['doctor', '--database', url])
  expect(doctor.status).toBe(1)
  const checks = doctor.answer.findings.map(({ check }) => check)
  for (const check of ['definitions-differ', 'schedule-refused', 'tasks-shared', 'schedules-orphaned'])
    expect(checks).toContain(check)
})

test('two apps without a name are found, and what neither names', async () => {
  const { deploy, url } = deployments()
  await (await deploy({}, ['gone'])).stop()
  await deploy({}, ['nightly'])
  await deploy({}, ['sales'])
  const { answer } = await runJson<Owners>(['status', '--database', url])
  expect(answer.owners).toMatchObject({ orphans: [], unnamed: ['gone'] })
  expect(answer.owners['strangers']).toHaveLength(2)
  const { findings } = (await runJson<Doctor>(['doctor', '--database', url])).answer
  expect(findings.find(({ check }) => check === 'apps-nameless')!.what).toMatch(/has nightly; .* has sales/)
})

test('one app without a name in several processes is nothing to find', async () => {
  const { deploy, url } = deployments()
  await deploy({}, ['nightly'])
  await deploy({}, ['nightly', 'sales'])
  const { answer } = await runJson<Owners>(['status', '--database', url])
  expect(Object.values(answer.owners).flat()).toEqual([])
})

test('schedules remove: it returns with the next start of the same code', async () => {
  const { deploy, url } = deployments()
  const first = await deploy({ name: 'harbour' }, ['nightly'])
  const removed = await runCli(['schedules', 'remove', 'nightly', '--database', url])
  expect(removed).toMatchObject({ status: 0, stdout: '"nightly" is removed.\n' })
  expect(await phaseOf(first)).toBe('removed')
  await deploy({ name: 'harbour' }, ['nightly'])
  expect(await phaseOf(first)).toBe('active')
})

test('schedules remove --for-good: no start brings it back, and status says so', async () => {
  const { deploy, url } = deployments()
  const first = await deploy({ name: 'harbour' }, ['nightly'])
  const removed = await runCli(['schedules', 'remove', 'nightly', '--for-good', '--database', url])
  expect(removed).toMatchObject({ status: 0, stdout: '"nightly" is removed for good.\n' })
  await deploy({ name: 'harbour', release: 9 }, ['nightly'])
  expect(await phaseOf(first)).toBe('removed')
  const { stdout } = await runCli(['status', '--database', url])
  expect(stdout).toContain('Removed for good, though code names them: nightly.')
})

const phaseOf = async ({ store }: ManualNode): Promise<string> =>
  (await store.readSchedules(['nightly'])).schedules[0]!.state.phase
