import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEscapement, type Escapement, task } from '../../src/index.ts'
import { exitCodes } from '../../src/launcher/exit-codes.ts'
import { openConnection, openKinds } from './open-connection.ts'
import { Started } from './started.ts'

const live = { APP_WEB: 'live', APP_ABORT_GRACE: '500ms' }
/** By their names alone: what they do they do in the processes of the start. */
const steady = task('steady', { handler: () => undefined })
const sleep = task('sleep', { handler: () => undefined })

/** On the books of the start, in the test's own process. */
function callerOn(started: Started): Escapement {
  const database = `sqlite:${join(started.folder, 'escapement.db')}`
  const caller = createEscapement({ database, tasks: [steady, sleep], logger: false })
  onTestFinished(() => caller.stop())
  return caller
}

/** The phases of all nodes that ever were. */
async function phases(caller: Escapement): Promise<string[]> {
  return (await (await caller.store()).listNodes()).map(({ phase }) => phase)
}

describe('a stop with open connections of every kind', () => {
  test('claims nothing more and resigns at once; jobs end in their grace, then sockets are cut, and all is in order', async () => {
    const started = await new Started({ args: ['--grace', '6s'], env: live }).ready()
    const opened = await Promise.all(openKinds.map(kind => openConnection(started.url(), kind)))
    const caller = callerOn(started)
    const { id } = await caller.enqueue(steady, 2_000)
    await started.process.line(/steady: began/)
    const ended = started.process.ended('SIGTERM')
    await started.process.line(/SIGTERM: stopping/)
    const seats = await caller.seats.list()
    await expect.poll(async () => (await caller.seats.list())[0]?.holder).toBeUndefined()
    expect(seats.map(({ seat }) => seat)).toEqual(['primary'])
    const late = await caller.enqueue(steady, 1)
    await started.process.line(/steady: ended/)
    expect(await ended, started.process.output()).toEqual({ code: exitCodes.stopped, signal: null })
    await Promise.all(opened.map(({ closed }) => closed))
    expect(await caller.jobs.get(id)).toMatchObject({ state: 'completed', failures: 0, rescues: 0 })
    expect(await caller.jobs.get(late.id)).toMatchObject({ state: 'available', rescues: 0 })
    expect(await phases(callerOn(started))).toEqual(['left'])
    expect(started.process.output().match(/the app is told to end/g)).toHaveLength(1)
  })

  test('a signal to the whole process group, twice, is one order: the job has its grace, and the app is told after it', async () => {
    const started = await new Started({ env: live }).ready()
    await openConnection(started.url(), 'an upgraded socket')
    const caller = callerOn(started)
    const { id } = await caller.enqueue(steady, 2_000)
    await started.process.line(/steady: began/)
    const { pids } = started
    for (let times = 0; times < 2; times++)
      for (const pid of [...pids, started.process.pid]) process.kill(pid, 'SIGTERM')
    expect(await started.process.ended(), started.process.output()).toEqual({ code: exitCodes.stopped, signal: null })
    const output = started.process.output()
    expect(output.indexOf('steady: ended')).toBeGreaterThan(0)
    expect(output.indexOf('the app is told to end')).toBeGreaterThan(output.indexOf('steady: ended'))
    expect(await caller.jobs.get(id)).toMatchObject({ state: 'completed', failures: 0, rescues: 0 })
    expect(await phases(callerOn(started))).toEqual(['left'])
  })

  test('a signal to one process alone ends that one in order, and another takes its position', async () => {
    const started = await new Started({ args: ['--grace', '2s'], env: live }).ready()
    await openConnection(started.url(), 'a stream')
    const caller = callerOn(started)
    const { id } = await caller.enqueue(steady, 1_000)
    await started.process.line(/steady: began/)
    for (const pid of started.pids) process.kill(pid, 'SIGTERM')
    await started.process.line(/ended with status 0 .*; restarting in/)
    await started.allReady()
    expect(await caller.jobs.get(id)).toMatchObject({ state: 'completed', failures: 0, rescues: 0 })
    await started.stop()
    expect(await phases(callerOn(started))).toEqual(['left', 'left'])
  })
})

describe('reloads with open connections', () => {
  test('end each former process in order, and say so', async () => {
    const started = await new Started({ args: ['--grace', '1s'], env: live }).ready()
    for (let times = 1; times <= 2; times++) {
      const opened = await Promise.all(openKinds.map(kind => openConnection(started.url(), kind)))
      const { status, stdout } = await started.run('reload')
      expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('Reloaded (master') })
      await started.process.line(new RegExp(`reload ${times}: done$`))
      await Promise.all(opened.map(({ closed }) => closed))
    }
    await started.stop()
    expect(await phases(callerOn(started))).toEqual(['left', 'left', 'left'])
  })

  test('do not hold the end of its process against a job that is longer than every grace and hears no signal', async () => {
    const started = await new Started({ args: ['--grace', '200ms'], env: live }).ready()
    const caller = callerOn(started)
    const { id } = await caller.enqueue(sleep, null)
    for (let times = 1; times <= 5; times++) {
      await started.process.line(/sleeping/)
      expect((await started.run('reload')).stdout).toContain('Reloaded (master')
    }
    await started.process.line(/sleeping/)
    expect(await caller.jobs.get(id)).toMatchObject({ state: 'running', failures: 0, rescues: 0 })
    await started.stop()
    expect(await caller.jobs.get(id)).toMatchObject({ state: 'available', failures: 0, rescues: 0 })
  })
})
