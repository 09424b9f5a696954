import { describe, expect, onTestFinished, test } from 'vitest'
import { Emitter } from '../../../src/runtime/events/emitter.ts'
import { LagWatch } from '../../../src/runtime/attempts/lag-watch.ts'
import { LoopUse } from '../../../src/runtime/attempts/loop-use.ts'
import { createEscapement, type HandlerContext, task } from '../../../src/index.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { heard } from '../lab.ts'

/** A loop of which the test says who holds it: a clock that goes on while nothing else does. */
function watched(underWay: readonly string[] = []) {
  let nowMs = 0
  let look = (): void => undefined
  const clock = Object.assign(new ManualClock(), {
    monotonic: () => nowMs,
    after: (_: number, callback: () => void) => {
      look = callback
      return () => undefined
    }
  })
  const events = new Emitter()
  const loopUse = new LoopUse(clock)
  const watch = new LagWatch({ clock, events, loopUse, nodeId: () => 'node', runningTasks: () => underWay })
  watch.start()
  const blocked = heard(events, 'node.loop-blocked')
  return {
    loopUse,
    blocked,
    pass: (ms: number): void => void (nowMs += ms),
    /** A handler that holds the loop for so long before it gives it back. */
    runs: (name: string, ms: number): void => {
      loopUse.enter()
      nowMs += ms
      loopUse.leave(name)
    },
    look: (): void => look()
  }
}

describe('a loop that was blocked', () => {
  test('is laid to the handler that held it, not to those that waited', () => {
    const { runs, look, blocked } = watched(['waits', 'waits-too'])
    runs('waits', 0.2)
    runs('culprit', 2_000)
    runs('waits-too', 0.3)
    look()
    expect(blocked).toMatchObject([
      { blockedMs: 1_501, tasks: ['culprit'], isCertain: true, underWay: ['waits', 'waits-too'] }
    ])
  })

  test('is laid to a handler that has come and gone, and to many short ones that were one after the other', () => {
    const { runs, look, blocked } = watched()
    for (let count = 0; count < 40; count++) runs('small', 50)
    runs('other', 20)
    look()
    expect(blocked).toMatchObject([{ tasks: ['small'], isCertain: true }])
  })

  test('is probably laid to the first that came back after it, when it was after its first await', () => {
    const { runs, pass, look, loopUse, blocked } = watched(['waits'])
    runs('culprit', 0.1)
    runs('waits', 0.1)
    pass(2_000)
    loopUse.comeBack('culprit')
    pass(1)
    loopUse.comeBack('innocent')
    look()
    expect(blocked).toMatchObject([{ tasks: ['culprit'], isCertain: false, underWay: ['waits'] }])
  })

  test('is laid to nobody when nobody is known to have held it', () => {
    const { runs, pass, look, blocked } = watched(['waits'])
    runs('waits', 3)
    pass(2_000)
    look()
    expect(blocked).toMatchObject([{ tasks: [], isCertain: false, underWay: ['waits'] }])
  })

  test('is laid to those of this time only', () => {
    const { runs, pass, look, blocked } = watched()
    runs('earlier', 400)
    pass(100)
    look()
    runs('culprit', 2_000)
    look()
    expect(blocked).toMatchObject([{ tasks: ['culprit'] }])
  })

  test('for less than a second is nobody’s business', () => {
    const { runs, look, blocked } = watched()
    runs('short', 1_400)
    look()
    expect(blocked).toEqual([])
  })
})

/** Holds the event loop for so long. */
function hold(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test.each([
  ['at once', async () => hold(1_800)],
  [
    'and goes on waiting',
    async ({ signal }: HandlerContext) => {
      hold(1_800)
      await new Promise(resolve => setTimeout(resolve, 700, signal))
    }
  ],
  ['synchronously', () => hold(1_800)],
  [
    'after an await',
    async () => {
      await Promise.resolve()
      hold(1_800)
    }
  ]
])('in a process: a handler that blocks %s is named, those that wait are not', async (_, culprit) => {
  const gate = Promise.withResolvers<void>()
  const waits = task('waits', { handler: () => gate.promise })
  const blocks = task('blocks', { handler: culprit })
  const app = createEscapement({ database: 'memory:', logger: false, tasks: [waits, blocks] })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.start()
  const event = new Promise<unknown>(resolve => app.on('node.loop-blocked', resolve))
  const started = new Promise(resolve => app.on('job.started', resolve))
  await app.enqueueMany(waits, [1, 2])
  await started
  await app.enqueue(blocks, null)
  expect(await event).toMatchObject({ tasks: ['blocks'], underWay: expect.arrayContaining(['waits']) as string[] })
  gate.resolve()
})
