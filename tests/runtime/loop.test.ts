import { describe, expect, test } from 'vitest'
import { Emitter } from '../../src/runtime/events/emitter.ts'
import { type Idle, Loop } from '../../src/runtime/loop.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { heard } from './lab.ts'

function looping(step: (steps: number) => number | Idle) {
  const clock = new ManualClock()
  const events = new Emitter()
  const at: number[] = []
  const loop = new Loop({
    name: 'tide',
    clock,
    events,
    random: () => 1,
    step: async () => step(at.push(clock.monotonic()))
  })
  return { clock, events, at, loop }
}

describe('a loop', () => {
  test('sleeps between its steps for as long as they say', async () => {
    const { clock, at, loop } = looping(steps => steps * 100)
    loop.start()
    await clock.advance(1_000)
    expect(at).toEqual([0, 100, 300, 600, 1_000])
    await loop.stop()
  })

  test('is woken early, and a wake during a step is not lost', async () => {
    const { clock, at, loop } = looping(steps => {
      if (steps === 2) loop.wake()
      return 1_000
    })
    loop.start()
    await clock.advance(10)
    loop.wake()
    await clock.advance(10)
    expect(at).toEqual([0, 10, 10])
    await loop.stop()
  })

  test('backs off while it fails, up to 10 s, tells it, and tells its recovery', async () => {
    const failures = 9
    const { clock, events, at, loop } = looping(steps => {
      if (steps <= failures) throw new Error('ebb')
      return 60_000
    })
    const [failed, recovered] = [heard(events, 'loop.failed'), heard(events, 'loop.recovered')]
    loop.start()
    await clock.advance(60_000)
    const waits = at.slice(1).map((instant, index) => instant - at[index]!)
    expect(waits.slice(0, failures)).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000])
    expect(failed.map(fact => fact.retryMs)).toEqual(waits.slice(0, failures))
    expect(failed[2]).toMatchObject({ loop: 'tide', failures: 3, error: { message: 'ebb' } })
    expect(recovered).toEqual([{ loop: 'tide', failures }])
    await loop.stop()
  })

  test('starts its back-off anew after a recovery', async () => {
    const { clock, events, loop } = looping(steps => {
      if (steps !== 3) throw new Error('ebb')
      return 1
    })
    const failed = heard(events, 'loop.failed')
    loop.start()
    await clock.advance(350)
    expect(failed.map(fact => fact.failures)).toEqual([1, 2, 1])
    await loop.stop()
  })

  test('is not said to work again by a step that had nothing to try', async () => {
    const { clock, events, loop } = looping(steps => {
      if (steps === 1) throw new Error('ebb')
      return steps < 4 ? { idleMs: 10 } : 1_000
    })
    const [failed, recovered] = [heard(events, 'loop.failed'), heard(events, 'loop.recovered')]
    loop.start()
    await clock.advance(110)
    expect([failed.length, recovered.length]).toEqual([1, 0])
    await clock.advance(20)
    expect(recovered).toMatchObject([{ failures: 1 }])
    await loop.stop()
  })

  test('stops in its sleep, and after the step under way; a second stop is legal', async () => {
    const { clock, at, loop } = looping(() => 1_000)
    loop.start()
    await clock.advance(1)
    await loop.stop()
    await loop.stop()
    await clock.advance(5_000)
    expect(at).toEqual([0])
    expect(clock.pending).toBe(0)
  })
})

describe('an emitter', () => {
  const facts = { loop: 'tide', failures: 1 }

  test('tells all listeners, until they have had enough', () => {
    const events = new Emitter()
    expect(events.hears('loop.recovered')).toBe(false)
    const log: string[] = []
    const end = events.on('loop.recovered', () => log.push('first'))
    events.on('loop.recovered', () => log.push('second'))
    events.emit('loop.recovered', facts)
    end()
    events.emit('loop.recovered', facts)
    expect(log).toEqual(['first', 'second', 'second'])
    expect(events.hears('loop.recovered')).toBe(true)
  })

  test('a listener that throws hurts neither the teller nor the others', () => {
    const events = new Emitter()
    const log: string[] = []
    events.on('listener.failed', ({ error }) => void log.push(error.message))
    events.on('loop.recovered', () => {
      throw new Error('a listener’s own')
    })
    events.on('loop.recovered', () => log.push('second'))
    events.emit('loop.recovered', facts)
    expect(log).toEqual(['a listener’s own', 'second'])
  })
})
