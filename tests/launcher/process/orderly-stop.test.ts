import { describe, expect, test } from 'vitest'
import { OrderlyStop, type StopParts } from '../../../src/launcher/process/orderly-stop.ts'
import { killAfterMs } from '../../../src/launcher/stop-signals.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { settled } from '../master/held-process.ts'

const graces = { shutdownGraceMs: 10_000, abortGraceMs: 5_000 }
const graceful = { haste: 'graceful', hasSuccessor: false } as const
const never = new Promise<never>(() => undefined)

/** What a process is told to end, in order, each with the instant at which it was. Everything ends when a test says so. */
function stage(parts: Partial<StopParts> = {}) {
  const clock = new ManualClock()
  const steps: string[] = []
  const notices: string[] = []
  const tell = (what: string): void => void steps.push(`${clock.monotonic()} ${what}`)
  const drained = Promise.withResolvers<void>()
  const jobs = Promise.withResolvers<void>()
  const hurries: AbortSignal[] = []
  const stop = new OrderlyStop({
    graces,
    clock,
    notice: text => notices.push(text),
    parts: {
      retire: () => tell('retire'),
      drain: (graceMs, { hasSuccessor, hurry }) => {
        tell(`drain ${graceMs}${hasSuccessor ? ' succeeded' : ''}`)
        hurries.push(hurry)
        hurry.addEventListener('abort', () => drained.resolve())
        return drained.promise
      },
      closeIdle: () => tell('close idle'),
      endJobs: graceMs => {
        tell(`end jobs ${graceMs}`)
        return jobs.promise
      },
      hurryJobs: () => tell('hurry jobs'),
      endApp: async () => tell('end app'),
      ...parts
    }
  })
  return { clock, steps, notices, drained, jobs, stop }
}

describe('the order of a stop', () => {
  test('nothing more is claimed before all else; jobs have what the connections have left of the same grace', async () => {
    const { stop, steps, clock, drained, jobs, notices } = stage()
    stop.order(graceful)
    await settled()
    expect(steps).toEqual(['0 retire', '0 drain 10000'])
    // The monotonic clock knows parts of a millisecond; a grace is told in whole ones.
    await clock.advance(4_000.25)
    drained.resolve()
    await settled()
    jobs.resolve()
    expect(await stop.over).toBe(true)
    expect(steps.slice(2)).toEqual(['4000.25 end jobs 6000', '4000.25 end app'])
    expect({ notices, pending: clock.pending }).toEqual({ notices: [], pending: 0 })
  })

  test('the same order again, by whatever way and with whatever successor, is no haste', async () => {
    const { stop, steps, drained, jobs } = stage()
    stop.order({ ...graceful, hasSuccessor: true })
    await settled()
    stop.order({ ...graceful, hasSuccessor: true })
    stop.order(graceful)
    stop.order(graceful)
    expect(steps).toEqual(['0 retire', '0 drain 10000 succeeded', '0 close idle'])
    stop.order({ ...graceful, hasSuccessor: true })
    await settled()
    expect(steps).toHaveLength(3)
    drained.resolve()
    jobs.resolve()
    expect(await stop.over).toBe(true)
  })

  test('more haste cuts what is left of the grace', async () => {
    const { stop, steps, clock, jobs } = stage()
    stop.order(graceful)
    await clock.advance(1_000)
    stop.order({ haste: 'hasty', hasSuccessor: false })
    stop.order(graceful)
    await settled()
    jobs.resolve()
    await stop.over
    expect(steps.slice(2)).toEqual(['1000 hurry jobs', '1000 end jobs 0', '1000 end app'])
  })
})

describe('what does not end', () => {
  const hanging: readonly (keyof StopParts)[] = ['drain', 'endJobs', 'endApp']

  test.each(hanging)('%s: is left after a time of its own, and said; the rest is done', async part => {
    const { stop, steps, clock, drained, jobs, notices } = stage({ [part]: () => never })
    drained.resolve()
    jobs.resolve()
    stop.order(graceful)
    await clock.advance(killAfterMs('graceful', graces) - 1)
    expect(await stop.over).toBe(false)
    expect(notices).toEqual([expect.stringContaining('did not end within')])
    expect(steps).toHaveLength(3)
  })

  test('all of it: it ends by itself before it is killed', async () => {
    const { stop, clock, notices } = stage(Object.fromEntries(hanging.map(part => [part, () => never])))
    stop.order(graceful)
    await clock.advance(killAfterMs('graceful', graces) - 1)
    expect(await stop.over).toBe(false)
    expect(notices).toHaveLength(3)
  })

  test('a part that throws is said, and the rest is done', async () => {
    const refuse = (): never => {
      throw new Error('It will not.')
    }
    const { stop, steps, notices, drained, jobs } = stage({ retire: refuse })
    drained.resolve()
    jobs.resolve()
    stop.order(graceful)
    expect(await stop.over).toBe(false)
    expect(notices).toEqual([expect.stringContaining('It will not.')])
    expect(steps).toHaveLength(3)
  })
})
