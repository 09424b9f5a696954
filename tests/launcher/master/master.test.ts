import { describe, expect, test } from 'vitest'
import { exitCodes } from '../../../src/launcher/exit-codes.ts'
import { Master, type MasterOptions } from '../../../src/launcher/master/master.ts'
import { planProcesses } from '../../../src/launcher/master/plan.ts'
import { roles } from '../../../src/settings/kinds/roles.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { HeldProcess, settled } from './held-process.ts'

class Stage {
  readonly clock = new ManualClock()
  readonly spawned: { name: string; process: HeldProcess; onRecycle: () => void }[] = []
  readonly notices: string[] = []
  readonly records: Parameters<MasterOptions['record']>[0][] = []
  readonly master: Master

  constructor(options: Partial<MasterOptions> = {}) {
    this.master = new Master({
      processes: planProcesses({ topology: 'dedicated', web: 1, workers: 0, schedulers: 1 }, roles),
      spawn: ({ name }, { onRecycle }) => {
        const process = new HeldProcess()
        this.spawned.push({ name, process, onRecycle })
        return process
      },
      check: async () => undefined,
      clock: this.clock,
      random: () => 1,
      maxRestarts: 0,
      waitsForChange: false,
      notice: text => this.notices.push(text),
      record: state => this.records.push(state),
      ...options
    })
  }

  get names(): string[] {
    return this.spawned.map(({ name }) => name)
  }

  latest(name: string): HeldProcess {
    return this.spawned.findLast(each => each.name === name)?.process as HeldProcess
  }

  async started(): Promise<this> {
    const started = this.master.start()
    for (const { process } of this.spawned) await process.becomeReady()
    await started
    return this
  }
}

describe('the start', () => {
  test('is over when every process is ready', async () => {
    const stage = new Stage()
    let isStarted = false
    void stage.master.start().then(() => (isStarted = true))
    expect(stage.names).toEqual(['web.1', 'scheduler.1'])
    await stage.latest('web.1').becomeReady()
    expect(isStarted).toBe(false)
    await stage.latest('scheduler.1').becomeReady()
    expect(isStarted).toBe(true)
    expect(stage.records.at(-1)?.processes.map(({ ready }) => ready)).toEqual([true, true])
    await ended(stage)
  })

  test('that cannot be ends everything, with a code that says why', async () => {
    const stage = new Stage()
    const started = stage.master.start()
    await stage.latest('web.1').fail({ status: 5, code: 'address-taken', message: 'It is taken.' })
    expect(stage.latest('scheduler.1').orders).toEqual(['graceful'])
    await stage.latest('scheduler.1').end()
    await started
    expect(await stage.master.over).toBe(exitCodes.addressTaken)
  })
})

describe('a roll', () => {
  test('replaces one after the other, the makers of jobs last, and is over when the old ones are gone', async () => {
    const stage = await new Stage().started()
    const [web, scheduler] = [stage.latest('web.1'), stage.latest('scheduler.1')]
    stage.master.roll()
    await settled()
    expect(stage.names.slice(2)).toEqual(['scheduler.1'])
    await stage.latest('scheduler.1').becomeReady()
    expect(stage.names.slice(2)).toEqual(['scheduler.1', 'web.1'])
    expect([scheduler.orders, web.orders]).toEqual([['graceful, succeeded'], []])
    await stage.latest('web.1').becomeReady()
    expect(stage.records.at(-1)).toMatchObject({ rolls: 1, rolled: null })
    await scheduler.end()
    await web.end()
    expect(stage.records.at(-1)).toMatchObject({ rolls: 1, rolled: { ok: true } })
    await ended(stage)
  })

  test('says which former process had to be killed, and that all were replaced all the same', async () => {
    const stage = await new Stage().started()
    const [web, scheduler] = [stage.latest('web.1'), stage.latest('scheduler.1')]
    stage.master.roll()
    await settled()
    for (const name of ['scheduler.1', 'web.1']) await stage.latest(name).becomeReady()
    await web.end()
    scheduler.stop('kill')
    await settled()
    const { rolled } = stage.records.at(-1) ?? {}
    expect(rolled).toMatchObject({ ok: false, isReplaced: true, message: expect.stringContaining('scheduler.1') })
    expect(stage.notices.at(-1)).toMatch(/^reload 1: done, but the old scheduler.1 .* had to be killed/)
    await ended(stage)
  })

  test('says which new process has been lost since', async () => {
    const stage = await new Stage({ maxRestarts: 5 }).started()
    const former = [stage.latest('web.1'), stage.latest('scheduler.1')]
    stage.master.roll()
    await settled()
    const lost = stage.latest('scheduler.1')
    for (const name of ['scheduler.1', 'web.1']) await stage.latest(name).becomeReady()
    await lost.end({ code: 1 })
    for (const each of former) await each.end()
    expect(stage.records.at(-1)?.rolled).toMatchObject({
      ok: false,
      message: expect.stringContaining('the new scheduler.1')
    })
    await ended(stage)
  })

  test('that a stop cuts short says so; one that is asked for after it is refused aloud', async () => {
    const stage = await new Stage().started()
    stage.master.roll()
    await settled()
    stage.master.stopFor('SIGTERM')
    stage.master.roll()
    expect(stage.notices.at(-1)).toBe('not reloaded: it was told to stop')
    await ended(stage)
    expect(stage.records.at(-1)).toMatchObject({ rolls: 1, rolled: { ok: false } })
    expect(stage.notices.at(-1)).toContain('it was told to stop')
  })

  test('of a config that is wrong by now replaces nothing', async () => {
    const stage = await new Stage({ check: () => Promise.reject(new Error('It is wrong.')) }).started()
    stage.master.roll()
    await settled()
    expect(stage.names).toHaveLength(2)
    expect(stage.records.at(-1)?.rolled).toEqual({ ok: false, message: 'It is wrong.' })
    await ended(stage)
  })

  test('ends where a new process fails; what was not replaced goes on', async () => {
    const stage = await new Stage().started()
    const web = stage.latest('web.1')
    stage.master.roll()
    await settled()
    await stage.latest('scheduler.1').end({ code: 1 })
    expect(stage.records.at(-1)?.rolled?.ok).toBe(false)
    expect({ names: stage.names.slice(2), orders: web.orders }).toEqual({ names: ['scheduler.1'], orders: [] })
    await ended(stage)
  })

  test('that is asked for many times while one goes on is one more', async () => {
    const stage = await new Stage().started()
    for (let times = 0; times < 3; times++) {
      stage.master.roll()
      await settled()
    }
    for (let at = 2; at < stage.spawned.length; at++) {
      await stage.spawned[at]?.process.becomeReady()
      for (const { process } of stage.spawned.slice(0, at)) if (process.orders.length > 0) await process.end()
    }
    expect(stage.names.slice(2)).toEqual(['scheduler.1', 'web.1', 'scheduler.1', 'web.1'])
    expect(stage.records.at(-1)).toMatchObject({ rolls: 2, rolled: { ok: true } })
    await ended(stage)
  })
})

test('a web process that has answered enough is replaced', async () => {
  const stage = await new Stage().started()
  const [first] = stage.spawned
  first?.onRecycle()
  await settled()
  expect(stage.names.slice(2)).toEqual(['web.1'])
  await stage.latest('web.1').becomeReady()
  expect(first?.process.orders).toEqual(['graceful, succeeded'])
  await ended(stage)
})

describe('the end', () => {
  test('is 0 when all ended as they were asked to', async () => {
    const stage = await new Stage().started()
    stage.master.stopFor('SIGTERM')
    expect(stage.spawned.map(({ process }) => process.orders)).toEqual([['graceful'], ['graceful']])
    expect(await ended(stage)).toBe(exitCodes.stopped)
  })

  test('is told apart when one had to be killed', async () => {
    const stage = await new Stage().started()
    stage.master.stopFor('SIGINT')
    stage.master.stopFor('SIGINT')
    expect(stage.latest('web.1').orders).toEqual(['graceful'])
    await stage.clock.advance(300)
    stage.master.stopFor('SIGINT')
    await stage.clock.advance(300)
    stage.master.stopFor('SIGINT')
    expect(stage.latest('web.1').orders).toEqual(['graceful', 'now', 'kill'])
    expect(await stage.master.over).toBe(exitCodes.killed)
  })

  test('comes also in the middle of a roll, which goes no further', async () => {
    const stage = await new Stage().started()
    stage.master.roll()
    await settled()
    stage.master.stopFor('SIGTERM')
    expect(await ended(stage)).toBe(exitCodes.stopped)
    expect(stage.names.slice(2)).toEqual(['scheduler.1'])
  })
})

/** All that still runs ends, as it would when it is asked to. */
async function ended({ master, spawned }: Stage): Promise<number> {
  master.stop('graceful')
  for (const { process } of spawned) await process.end()
  return master.over
}
