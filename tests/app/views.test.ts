import { expect, expectTypeOf, onTestFinished, test } from 'vitest'
import {
  createEscapement,
  type Escapement,
  EscapementError,
  type EventMap,
  type EventName,
  every,
  type HandlerContext,
  isEscapementError,
  type JobView,
  type LedgerView,
  type QueueView,
  schedule,
  type ScheduleView,
  type SeatView,
  task
} from 'escapement'

/** Every member of a view or of facts whose name is that of an instant, with its value. */
function instantsIn(shown: object): [string, unknown][] {
  return Object.entries(shown).flatMap(([name, value]): [string, unknown][] => {
    if (/^at$|(At|From|Until)$/.test(name) && value !== undefined) return [[name, value]]
    if (Array.isArray(value)) return value.flatMap(each => (Object(each) === each ? instantsIn(each as object) : []))
    return []
  })
}

const areDates = (shown: object): boolean => instantsIn(shown).every(([, value]) => value instanceof Date)

function eventOf<Name extends EventName>(app: Escapement, name: Name): Promise<EventMap[Name]> {
  return new Promise(resolve => app.on(name, resolve))
}

const failing = task('failing', {
  handler: async ({ progress, fireAt }: HandlerContext<{ ship: string }>) => {
    await progress({ done: 0.5 })
    if (fireAt === undefined) return { seen: true }
    throw new Error('no berth')
  },
  retry: ['1h']
})

test('every instant at the face is a Date, and every JSON a value', async () => {
  const often = schedule('often', { task: failing, trigger: every('1s'), payload: { ship: 'Frisia' } })
  const app = createEscapement({ database: 'memory:', logger: false, tasks: [failing], schedules: [often] })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  const [decided, started, failed] = [
    eventOf(app, 'schedule.decided'),
    eventOf(app, 'job.started'),
    eventOf(app, 'job.failed')
  ]
  await app.start()
  const { rows } = await decided
  expect(rows[0]?.fireAt).toBeInstanceOf(Date)
  for (const facts of [await decided, await started, await failed]) expect(areDates(facts)).toBe(true)
  expect((await failed).retryAt).toBeInstanceOf(Date)

  await app.schedules.pause('often')
  await app.queues.pause('default')
  await expect.poll(async () => (await app.jobs.get((await failed).jobId))?.state).toBe('retryable')
  const job = await app.jobs.get((await failed).jobId)
  expect(job).toMatchObject({
    scheduleId: 'often',
    payload: { ship: 'Frisia' },
    progress: { done: 0.5 },
    result: undefined,
    errors: [{ message: 'no berth', at: expect.any(Date) }]
  })
  const views = [
    job!,
    ...(await app.jobs.list()).items,
    ...(await app.schedules.list()),
    ...(await app.schedules.ledger('often')),
    ...(await app.queues.list()),
    ...(await app.seats.list())
  ]
  expect(views.flatMap(instantsIn).map(([name]) => name)).toEqual(
    expect.arrayContaining(['runAt', 'createdAt', 'at', 'pausedAt', 'fireAt', 'decidedAt', 'electedAt'])
  )
  expect(views.filter(view => !areDates(view))).toEqual([])
})

type Instants<View> = {
  [Name in keyof View]: Name extends `${string}At` ? Exclude<View[Name], undefined> : never
}[keyof View]

test('and the types say so', () => {
  expectTypeOf<Instants<JobView>>().toEqualTypeOf<Date>()
  expectTypeOf<Instants<ScheduleView>>().toEqualTypeOf<Date>()
  expectTypeOf<Instants<LedgerView>>().toEqualTypeOf<Date>()
  expectTypeOf<Instants<QueueView>>().toEqualTypeOf<Date>()
  expectTypeOf<Instants<SeatView>>().toEqualTypeOf<Date>()
  expectTypeOf<EventMap['schedule.undecided']['decidedUntil']>().toEqualTypeOf<Date>()
  expectTypeOf<EventMap['schedule.decided']['rows']>().toEqualTypeOf<readonly LedgerView[]>()
  expectTypeOf<JobView['errors'][number]['at']>().toEqualTypeOf<Date>()
  expectTypeOf<HandlerContext['scheduleId']>().toEqualTypeOf<string | undefined>()
})

test('an error is known by its code, to the compiler too', () => {
  const error: unknown = new EscapementError('job-unknown', 'There is none.')
  if (!isEscapementError(error, 'job-unknown')) throw error
  expectTypeOf(error.code).toEqualTypeOf<'job-unknown'>()
  // @ts-expect-error -- There is no such code.
  expect(isEscapementError(error, 'job-unkown')).toBe(false)
  expect(isEscapementError(error, 'job-not-finished')).toBe(false)
})
