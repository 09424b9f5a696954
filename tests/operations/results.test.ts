import { describe, expect, test } from 'vitest'
import { EscapementError } from '../../src/core/errors.ts'
import { DoNotRetry } from '../../src/core/job/steering.ts'
import { task } from '../../src/core/job/task.ts'
import { ResultWaits } from '../../src/operations/results.ts'
import type { Store } from '../../src/store/store.ts'
import { failing, Lab, tampered } from '../runtime/lab.ts'

const load = task('load', {
  handler: ({ payload }) => {
    if (payload === 'bad') throw new DoNotRetry('no crane', { cause: new Error('rust') })
    return payload === null ? undefined : { took: payload }
  }
})

async function setUp() {
  const lab = new Lab()
  const store: Store = lab.store()
  let hint = (): void => undefined
  let hinting = 0
  const waits = new ResultWaits({
    tasks: [],
    clock: lab.clock,
    use: async use => use(store),
    hints: given => {
      hint = given
      hinting += 1
      return () => void (hinting -= 1)
    }
  })
  const node = await lab.started({ tasks: [load] })
  return { lab, store, waits, node, hint: () => hint(), hinting: () => hinting }
}

const settled = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    value => ({ value }),
    (error: unknown) => error
  )

describe('a wait for the result of a job', () => {
  test('of another process ends with it', async () => {
    const { lab, waits, node, hinting } = await setUp()
    const { id } = await node.enqueuer.enqueue(load, 7)
    const [one, other] = [waits.wait(id), waits.wait(id, { timeout: '1m' })]
    await lab.clock.advance(100)
    await node.work()
    await lab.clock.advance(1_000)
    expect([await one, await other]).toEqual([{ took: 7 }, { took: 7 }])
    expect(hinting()).toBe(0)
    expect(await settled(Promise.race([waits.wait(id), lab.clock.advance(50)]))).toMatchObject({ value: { took: 7 } })
  })

  test('ends at once after a hint', async () => {
    const { lab, waits, node, hint } = await setUp()
    const { id } = await node.enqueuer.enqueue(load, null)
    let isOver = false
    const wait = waits.wait(id).finally(() => void (isOver = true))
    await lab.clock.advance(5_000)
    await node.work()
    hint()
    await lab.clock.advance(10)
    expect(isOver).toBe(true)
    expect(await wait).toBeUndefined()
  })

  test('rejects with the last failure of one that was discarded', async () => {
    const { lab, waits, node } = await setUp()
    const { id } = await node.enqueuer.enqueue(load, 'bad')
    const wait = settled(waits.wait(id))
    await node.work()
    await lab.clock.advance(600)
    expect(await wait).toMatchObject({
      code: 'job-failed',
      message: `The job ${id} of the task "load" failed for good: no crane`,
      cause: { message: 'no crane', cause: { message: 'rust' } }
    })
  })

  test('rejects for one that was cancelled, and for one that is not there', async () => {
    const { lab, waits, node } = await setUp()
    const { id } = await node.enqueuer.enqueue(load, 7)
    const waiting = [settled(waits.wait(id)), settled(waits.wait('nobody'))]
    await node.operator.cancel(id)
    await lab.clock.advance(600)
    expect(await Promise.all(waiting)).toMatchObject([{ code: 'job-cancelled' }, { code: 'job-unknown' }])
  })

  test('ends in time, and the job goes on', async () => {
    const { lab, waits, node } = await setUp()
    const { id } = await node.enqueuer.enqueue(load, 7)
    const wait = settled(waits.wait(id, { timeout: '2s' }))
    await lab.clock.advance(1_999)
    await lab.clock.advance(1)
    expect(await wait).toMatchObject({ code: 'timeout', message: expect.stringContaining('2000 ms') as string })
    expect(lab.job(id).state).toBe('available')
  })

  test('ends when its signal is aborted', async () => {
    const { waits, node, lab } = await setUp()
    const { id } = await node.enqueuer.enqueue(load, 7)
    const abort = new AbortController()
    const wait = settled(waits.wait(id, { signal: abort.signal }))
    const other = settled(waits.wait(id))
    abort.abort(new Error('the visitor left'))
    expect(await wait).toMatchObject({ message: 'the visitor left' })
    expect(await settled(waits.wait(id, { signal: abort.signal }))).toMatchObject({ message: 'the visitor left' })
    await node.work()
    await lab.clock.advance(600)
    expect(await other).toMatchObject({ value: { took: 7 } })
  })

  test('outlasts books that are away, and ends with any other fault', async () => {
    const { lab, store, waits, node } = await setUp()
    const { id } = await node.enqueuer.enqueue(load, 7)
    await node.work()
    let reads = 0
    const restore = tampered(
      store,
      'readEnds',
      real =>
        (...args) =>
          ++reads < 4 ? Promise.reject(new EscapementError('store-unavailable', 'away')) : real(...args)
    )
    const wait = settled(waits.wait(id))
    await lab.clock.advance(5_000)
    expect(await wait).toMatchObject({ value: { took: 7 } })
    restore()
    failing(store, 'readEnds')
    const broken = settled(waits.wait(id))
    await lab.clock.advance(50)
    expect(await broken).toMatchObject({ message: 'readEnds failed' })
  })

  test('says what kept the books from being read when its time is over', async () => {
    const { lab, store, waits } = await setUp()
    const away = new EscapementError('store-unavailable', 'away')
    Object.assign(store, { readEnds: () => Promise.reject(away) })
    const wait = settled(waits.wait('any', { timeout: 700 }))
    await lab.clock.advance(700)
    expect(await wait).toMatchObject({ code: 'timeout', cause: away })
  })

  test('is refused with all others, and looks no more', async () => {
    const { lab, store, waits, node } = await setUp()
    const { id } = await node.enqueuer.enqueue(load, 7)
    const waiting = [settled(waits.wait(id)), settled(waits.wait(id))]
    await lab.clock.advance(100)
    waits.refuse(new EscapementError('stopped', 'over'))
    expect(await Promise.all(waiting)).toMatchObject([{ code: 'stopped' }, { code: 'stopped' }])
    await lab.clock.advance(20)
    const looks = failing(store, 'readEnds')
    await lab.clock.advance(5_000)
    expect(looks.calls).toBe(0)
  })

  test('looks once for all, and seldom without a hint', async () => {
    const { lab, store, waits, node } = await setUp()
    const { id } = await node.enqueuer.enqueue(load, 7)
    const looks = failing(store, 'readEnds', { times: 0 })
    const waiting = Array.from({ length: 1_500 }, () => settled(waits.wait(id, { timeout: '1m' })))
    await lab.clock.advance(60_000)
    await Promise.all(waiting)
    expect(looks.calls).toBeGreaterThan(100)
    expect(looks.calls).toBeLessThan(300)
  })

  test.each([[{ timeout: 'soon' }], [{ timeout: -1 }], [{ signal: 7 }], [{ timout: 5 }]])(
    'refuses %j',
    async options => {
      const { waits } = await setUp()
      await expect(waits.wait('any', options as never)).rejects.toThrow(/result\(\)/)
    }
  )
})
