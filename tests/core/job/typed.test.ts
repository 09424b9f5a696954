import * as v from 'valibot'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { createEscapement, every, type HandlerContext, type PayloadOf, schedule, type Task, task } from 'escapement'

declare module 'escapement' {
  interface TaskRegistry {
    'registered-mail': { to: string }
    'registered-report': PayloadOf<typeof report>
  }
}

interface Parcel {
  readonly id: number
  readonly note?: string
}

const handler = (): void => undefined
const explicit = task<Parcel>('explicit', {
  handler: ({ payload }) => {
    expectTypeOf(payload).toEqualTypeOf<Parcel>()
    return payload.id
  }
})
const annotated = task('annotated', { handler: ({ payload }: HandlerContext<Parcel>) => payload.id })
const untyped = task('untyped', {
  handler: ({ payload }) => {
    expectTypeOf(payload).toBeUnknown()
    return 'done' as const
  }
})
const report = task('report', {
  schema: v.object({ month: v.optional(v.string(), 'May') }),
  handler: async ({ payload }) => {
    expectTypeOf(payload).toEqualTypeOf<{ month: string }>()
    return [payload.month]
  }
})

describe('a task knows its payload', () => {
  test('by one type argument, by its handler, by its schema', () => {
    expectTypeOf(explicit).toEqualTypeOf<Task<Parcel>>()
    expectTypeOf(annotated).toEqualTypeOf<Task<Parcel, number>>()
    expectTypeOf(untyped).toEqualTypeOf<Task<unknown, 'done'>>()
    expectTypeOf(report).toEqualTypeOf<Task<{ month?: string | undefined }, string[]>>()
    expectTypeOf<PayloadOf<typeof explicit>>().toEqualTypeOf<Parcel>()
    expectTypeOf<PayloadOf<typeof annotated>>().toEqualTypeOf<Parcel>()
  })

  test('a schema and a type argument have to agree', () => {
    expectTypeOf(task<{ id: number }>('both', { schema: v.object({ id: v.number() }), handler })).toEqualTypeOf<
      Task<{ id: number }>
    >()
    // @ts-expect-error -- The schema gives a text.
    task<{ id: number }>('both', { schema: v.object({ id: v.string() }), handler })
  })
})

const escapement = createEscapement({
  database: 'memory:',
  logger: false,
  tasks: [explicit, annotated, untyped, report, task('registered-mail', { handler }), task('unregistered', { handler })]
})
const trigger = every('1h')

describe('a payload is checked against its task', () => {
  test('where a job is enqueued', async () => {
    await escapement.enqueue(explicit, { id: 1 })
    await escapement.enqueue(annotated, { id: 1, note: 'x' })
    await escapement.enqueue(report, {})
    await escapement.enqueue(untyped, 'anything')
    // @ts-expect-error -- A text where a number belongs.
    await escapement.enqueue(explicit, { id: '1' })
    // @ts-expect-error -- Nothing where a number belongs.
    await escapement.enqueue(annotated, {})
    // @ts-expect-error -- One of two.
    await escapement.enqueueMany(explicit, [{ id: 1 }, { id: '1' }])
    const generic = <P>(known: Task<P>, payload: P): Promise<unknown> => escapement.enqueue(known, payload)
    await generic(explicit, { id: 1 })
  })

  test('by name, once the name is registered', async () => {
    await escapement.enqueue('registered-mail', { to: 'harbour@example.org' })
    await escapement.enqueueMany('registered-mail', [{ to: 'harbour@example.org' }])
    await escapement.enqueue('unregistered', { whatever: 1 })
    const name: string = 'unregistered'
    await escapement.enqueue(name, { whatever: 1 })
    // @ts-expect-error -- The registry says otherwise.
    await escapement.enqueue('registered-mail', { too: 'harbour@example.org' })
    // @ts-expect-error -- The registry says otherwise.
    await escapement.enqueueMany('registered-mail', [{ to: 1 }])
    expectTypeOf<PayloadOf<'registered-report'>>().toEqualTypeOf<{ month?: string | undefined }>()
    expectTypeOf<PayloadOf<'unregistered'>>().toBeUnknown()
  })

  test('in a schedule', () => {
    schedule('typed', { task: explicit, trigger, payload: { id: 1 } })
    schedule('typed', { task: untyped, trigger })
    // @ts-expect-error -- It needs one.
    schedule('typed', { task: explicit, trigger })
    // @ts-expect-error -- A text where a number belongs.
    schedule('typed', { task: explicit, trigger, payload: { id: '1' } })
    expect(escapement.settings.tasks).toHaveLength(6)
  })

  test('a Date has no place in one', async () => {
    const dated = task<{ at: Date }>('dated', { handler })
    // @ts-expect-error -- NotJson<'a Date is not JSON: give date.toISOString()'>
    const answer = escapement.enqueue(dated, { at: new Date() })
    await expect(answer).rejects.toMatchObject({
      code: 'payload-invalid',
      message: expect.stringContaining('toISOString()')
    })
  })
})
