import { describe, expect, test } from 'vitest'
import type { HandlerContext } from '../../../src/core/job/handler.ts'
import type { JsonValue } from '../../../src/core/options/json.ts'
import { task } from '../../../src/core/job/task.ts'
import type { MemoryTransaction } from '../../../src/stores/memory/effects.ts'
import { heard, Lab } from '../lab.ts'

const run = async (lab: Lab, handler: (context: HandlerContext) => unknown, rounds = 1) => {
  const load = task('load', { handler, retry: [0], maxAttempts: 5 })
  const node = await lab.started({ tasks: [load] })
  await node.enqueuer.enqueue(load, null)
  for (let round = 0; round < rounds; round++) await node.work()
  return node
}

describe('steps', () => {
  test('are remembered over attempts: a failure resumes at the first that is unfinished', async () => {
    const lab = new Lab()
    const done: string[] = []
    const results: unknown[] = []
    const handler = async ({ step, attempt }: HandlerContext): Promise<void> => {
      results.push(await step('unload', () => (done.push('unload'), { containers: 3 })))
      await step('weigh', () => {
        done.push('weigh')
        if (attempt === 1) throw new Error('scale stuck')
      })
      await step('store', async () => void done.push('store'))
    }
    await run(lab, handler, 2)
    expect(done).toEqual(['unload', 'weigh', 'weigh', 'store'])
    expect(results).toEqual([{ containers: 3 }, { containers: 3 }])
    expect(lab.onlyJob.state).toBe('completed')
  })

  test('are remembered when the node died, too', async () => {
    const lab = new Lab()
    const done: string[] = []
    const never = Promise.withResolvers<void>()
    const load = task('load', {
      handler: async ({ step, fence }) => {
        await step('unload', () => void done.push(`unload by ${fence}`))
        if (fence === 1) await never.promise
        await step('store', () => void done.push(`store by ${fence}`))
      }
    })
    const [dying, other] = [await lab.started({ tasks: [load] }), await lab.started({ tasks: [load] })]
    await dying.enqueuer.enqueue(load, null)
    await dying.claim()
    await lab.outlast(other)
    await other.work()
    expect(done).toEqual(['unload by 1', 'store by 2'])
  })

  test('a name used twice in one attempt is an error', async () => {
    const lab = new Lab()
    await run(lab, async ({ step }) => {
      await step('unload', () => 1)
      await step('unload', () => 2)
    })
    expect(lab.onlyJob.errors).toMatchObject([{ code: 'step-repeated', message: expect.stringContaining('"unload"') }])
  })

  test('a result that is not strict JSON fails the attempt, names the step, and is not remembered', async () => {
    const lab = new Lab()
    let attempts = 0
    await run(
      lab,
      async ({ step }) => {
        attempts++
        // @ts-expect-error -- A Date does not come back as it went: the type says so before it is tried.
        return step('unload', () => (attempts === 1 ? { at: new Date() } : { at: null }))
      },
      2
    )
    const [error] = lab.onlyJob.errors
    expect(error).toMatchObject({ code: 'payload-invalid' })
    expect(error?.message).toContain('The result of the step "unload"')
    expect(error?.message).toContain('the next attempt does it again')
    expect([lab.onlyJob.state, attempts]).toEqual(['completed', 2])
    expect(await lab.store().readSteps(lab.onlyJob.id)).toEqual([{ name: 'unload', result: '{"at":null}' }])
  })

  test('are typed by what strict JSON carries', () => {
    class Ship {
      sail(): string {
        return 'away'
      }
    }
    interface Berth {
      readonly number: number
      readonly ship?: string
      readonly inner?: Berth
    }
    const typed = async ({ step }: HandlerContext): Promise<unknown[]> => {
      let count = await step('number', () => 1)
      count++
      const berth: Berth = await step('an interface', async (): Promise<Berth> => ({ number: count }))
      const text: string | undefined = await step('perhaps', () => (count > 1 ? 'x' : undefined))
      const list: readonly Berth[] = await step('a list', () => [berth])
      const unknown: unknown = await step('unknown', () => JSON.parse('1') as unknown)
      await step('nothing', async () => {})
      // @ts-expect-error -- A Date.
      await step('a Date', () => new Date())
      // @ts-expect-error -- A Map.
      await step('a Map', async () => new Map())
      // @ts-expect-error -- A Date deep inside.
      await step('deep', () => [{ at: { time: new Date() } }])
      // @ts-expect-error -- A bigint.
      await step('a bigint', () => ({ rows: 1n }))
      // @ts-expect-error -- A class with methods.
      await step('a class', () => new Ship())
      // @ts-expect-error -- A function.
      await step('a function', () => () => 1)
      return [berth, text, list, unknown]
    }
    const generic = <T extends JsonValue>({ step }: HandlerContext, fn: () => Promise<T>): Promise<T> => step('any', fn)
    expect([typed, generic]).toHaveLength(2)
  })
})

const keep = (tx: unknown, key: string): void => (tx as MemoryTransaction).effects.set(key, true)

describe('a transaction', () => {
  const effects = (lab: Lab): string[] => [...lab.books.effects.rows.keys()]

  test('is the completion itself: effects and result are one commit', async () => {
    const lab = new Lab()
    const node = await run(lab, ({ transaction }) =>
      transaction(tx => {
        keep(tx, 'arrival')
        return { ship: 'Frisia' }
      })
    )
    expect(lab.onlyJob).toMatchObject({ state: 'completed', result: '{"ship":"Frisia"}' })
    expect(effects(lab)).toEqual(['arrival'])
    expect(node.node.settler.pending).toBe(0)
  })

  test('comes last: a step, progress or another transaction after it is refused, and changes nothing', async () => {
    const lab = new Lab()
    const codes: unknown[] = []
    await run(lab, async ({ transaction, step, progress }) => {
      await transaction(tx => keep(tx, 'first'))
      for (const late of [() => step('late', () => 1), () => progress(1), () => transaction(tx => keep(tx, 'second'))])
        await late().catch((error: unknown) => codes.push((error as { code: string }).code))
    })
    expect(codes).toEqual(['transaction-repeated', 'transaction-repeated', 'transaction-repeated'])
    expect(effects(lab)).toEqual(['first'])
    expect(lab.onlyJob.state).toBe('completed')
  })

  test('what goes wrong after it changes nothing any more', async () => {
    const lab = new Lab()
    const load = task('load', {
      handler: async ({ transaction }) => {
        await transaction(tx => keep(tx, 'arrival'))
        throw new Error('too late')
      }
    })
    const node = await lab.started({ tasks: [load] })
    const emitted = [
      heard(node.events, 'job.failed'),
      heard(node.events, 'job.stale'),
      heard(node.events, 'job.completed')
    ]
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'completed', errors: [] })
    expect(emitted.map(facts => facts.length)).toEqual([0, 0, 1])
  })

  test('a body that throws leaves nothing behind, and the attempt may fail or try again', async () => {
    const lab = new Lab()
    await run(lab, async ({ transaction }) => {
      await transaction(tx => {
        keep(tx, 'arrival')
        throw new Error('no berth')
      })
    })
    expect(lab.onlyJob).toMatchObject({ failures: 1, errors: [{ message: 'no berth' }] })
    expect(effects(lab)).toEqual([])
  })

  test('an async body is refused', async () => {
    const lab = new Lab()
    await run(lab, ({ transaction }) => transaction(async tx => keep(tx, 'arrival')))
    expect(lab.onlyJob.errors).toMatchObject([{ code: 'transaction-async' }])
    expect(effects(lab)).toEqual([])
  })

  test('of a stale attempt does not run its body', async () => {
    const lab = new Lab()
    const gate = Promise.withResolvers<void>()
    const caught: unknown[] = []
    const load = task('load', {
      handler: async ({ transaction, fence }) => {
        if (fence > 1) return transaction(tx => keep(tx, 'second'))
        await gate.promise
        return transaction(tx => keep(tx, 'first')).catch((error: unknown) => {
          caught.push(error)
          throw error
        })
      }
    })
    const [zombie, other] = [await lab.started({ tasks: [load] }), await lab.started({ tasks: [load] })]
    const [stale, failed] = [heard(zombie.events, 'job.stale'), heard(zombie.events, 'job.failed')]
    await zombie.enqueuer.enqueue(load, null)
    await zombie.claim()
    await lab.outlast(other)
    await other.work()
    gate.resolve()
    await zombie.node.attempts.whenIdle()
    await zombie.settle()
    expect(caught).toMatchObject([{ code: 'attempt-stale' }])
    expect(effects(lab)).toEqual(['second'])
    expect(stale).toMatchObject([{ outcome: 'given-back' }])
    expect(failed).toEqual([])
    expect(lab.onlyJob).toMatchObject({ state: 'completed', failures: 0 })
  })
})
