import { describe, expect, test } from 'vitest'
import { at, cron, every, schedule, task } from '../../../src/index.ts'
import { aPortLater, appOf, call, definitionIn, mail, stateIn } from './run-time-app.ts'

describe('put', () => {
  test('has the definition that code would declare, with the defaults of now', async () => {
    const defaults = { timezone: 'Europe/Berlin', misfireGrace: '5m', maxInstances: 2 }
    const app = appOf({ defaults })
    const policies = {
      coalesce: 'all',
      coalesceCap: 5,
      overlap: 'allow',
      maxFires: 9,
      spread: '1h',
      queue: 'slow'
    } as const
    const options = { task: mail, trigger: cron('0 2 * * *'), payload: { to: 'ann' }, ...policies }
    const answer = await app.schedules.put('digest', options)
    expect(answer).toMatchObject({ id: 'digest', outcome: 'created', phase: 'active' })
    const declared = schedule('digest', options).define(app.settings.defaults)
    expect(await definitionIn(app)).toEqual(declared)
    expect(declared.trigger).toMatchObject({ kind: 'spread', trigger: { timezone: 'Europe/Berlin' } })
    expect(await app.schedules.get('digest')).toMatchObject({
      owner: 'calls',
      app: 'harbour',
      nextFireAt: answer.nextFireAt
    })
  })

  test('finds a task of this process by its name, and no other', async () => {
    const app = appOf()
    await app.schedules.put('digest', { task: 'mail', trigger: every('1h') })
    expect(await definitionIn(app)).toMatchObject({ task: 'mail', queue: 'letters', priority: 7, maxAttempts: 4 })
    await expect(app.schedules.put('digest', { task: 'male', trigger: every('1h') })).rejects.toMatchObject({
      code: 'task-unknown',
      message: expect.stringContaining('"male"')
    })
  })

  test('the same again writes nothing; another one keeps a pause; a removed one comes back', async () => {
    const app = appOf()
    const put = (minutes: number) => app.schedules.put('digest', { task: mail, trigger: every(`${minutes}m`) })
    await put(60)
    const { revision } = await stateIn(app)
    expect(await put(60)).toMatchObject({ outcome: 'unchanged', nextFireAt: expect.any(Date) })
    expect((await stateIn(app)).revision).toBe(revision)
    await app.schedules.pause('digest', { note: 'on holiday' })
    expect(await put(30)).toEqual({ id: 'digest', outcome: 'changed', phase: 'paused', nextFireAt: undefined })
    expect(await app.schedules.get('digest')).toMatchObject({ pauseNote: 'on holiday' })
    await app.schedules.resume('digest')
    expect(await app.schedules.get('digest')).toMatchObject({ pauseNote: undefined, phase: 'active' })
    await app.schedules.remove('digest')
    expect(await put(30)).toMatchObject({ outcome: 'created', phase: 'active' })
  })

  test('one that can fire no more says so', async () => {
    const past = { task: mail, trigger: at('2020-01-01T00:00:00Z') }
    expect(await appOf().schedules.put('digest', past)).toMatchObject({ phase: 'ended', nextFireAt: undefined })
  })

  const wrong: readonly (readonly [string, object, string, string])[] = [
    ['no trigger', { task: mail }, 'schedule-invalid', 'has trigger undefined'],
    ['no task', { trigger: every('1h') }, 'schedule-invalid', 'has task undefined'],
    [
      'a task that is none',
      { task: {}, trigger: every('1h') },
      'schedule-invalid',
      'or the name of a task of this process'
    ],
    [
      'an option that is misspelt',
      { task: mail, trigger: every('1h'), overlapp: 'skip' },
      'schedule-invalid',
      '"overlap"'
    ],
    ['a cron expression as a text', { task: mail, trigger: '0 2 * * *' }, 'schedule-invalid', 'cron("0 2 * * *")'],
    ['a priority that is none', { task: mail, trigger: every('1h'), priority: 101 }, 'schedule-invalid', '101'],
    ['a duration that is none', { task: mail, trigger: every('1h'), misfireGrace: 'soon' }, 'duration-invalid', 'soon'],
    [
      'a payload that the schema refuses',
      { task: call, trigger: every('1h'), payload: { port: 5 } },
      'payload-invalid',
      'call'
    ],
    ['no payload where the schema wants one', { task: call, trigger: every('1h') }, 'payload-invalid', 'no payload'],
    [
      'a payload that is not JSON',
      { task: mail, trigger: every('1h'), payload: new Date() },
      'payload-invalid',
      'Date'
    ],
    [
      'runAtStart',
      { task: mail, trigger: every('1h'), runAtStart: true },
      'schedule-invalid',
      'schedules.runNow("digest")'
    ],
    ['nothing', undefined as unknown as object, 'schedule-invalid', 'undefined']
  ]
  test.each(wrong)('refused: %s', async (_, options, code, words) => {
    const app = appOf()
    const refused = { code, message: expect.stringContaining(words) }
    await expect(app.schedules.put('digest', options as never)).rejects.toMatchObject(refused)
    await expect(app.schedules.putMany([{ id: 'digest', ...options } as never])).rejects.toMatchObject({ code })
    expect(await app.schedules.list()).toEqual([])
  })

  test('refused: an id that is none', async () => {
    const put = appOf().schedules.put(' digest', { task: mail, trigger: every('1h') })
    await expect(put).rejects.toMatchObject({ code: 'id-invalid' })
  })

  test('an async schema is asked before anything is written', async () => {
    const slow = task('slow', { schema: aPortLater, handler: () => undefined })
    const app = appOf({ tasks: [slow] })
    const put = (port: string) => app.schedules.put('digest', { task: slow, trigger: every('1h'), payload: { port } })
    await expect(put('Atlantis')).rejects.toMatchObject({ code: 'payload-invalid' })
    expect(await app.schedules.list()).toEqual([])
    expect(await put('Emden')).toMatchObject({ outcome: 'created' })
    await expect(app.schedules.update('digest', { payload: { port: 'Atlantis' } })).rejects.toMatchObject({
      code: 'payload-invalid'
    })
    expect((await definitionIn(app)).payload).toEqual({ port: 'Emden' })
  })

  test('reads its input within the call', async () => {
    const app = appOf()
    const options = { task: mail, trigger: every('1h'), payload: { to: 'ann' }, priority: 1 }
    const put = app.schedules.put('digest', options)
    options.payload.to = 'bob'
    options.priority = 2
    await put
    expect(await definitionIn(app)).toMatchObject({ payload: { to: 'ann' }, priority: 1 })
  })

  test('tells what its trigger probably does not mean', async () => {
    const app = appOf()
    const doubted: string[] = []
    app.on('schedule.doubted', ({ scheduleId }) => void doubted.push(scheduleId))
    const trigger = cron('0 2 * * *', { timezone: 'EST' })
    await app.schedules.put('one', { task: mail, trigger })
    await app.schedules.putMany(['two', 'three'].map(id => ({ id, task: mail, trigger })))
    expect(trigger.doubts).toHaveLength(1)
    expect(doubted).toEqual(['one', 'two'])
  })
})

describe('whose schedule it is', () => {
  const nightly = schedule('nightly', { task: mail, trigger: every('1h') })

  test('that of code is not put over nor updated, but paused, resumed, run and removed; then it is free', async () => {
    const app = appOf({ schedules: [nightly] })
    await app.start({ roles: ['scheduler'] })
    const put = () => app.schedules.put('nightly', { task: mail, trigger: every('2h') })
    const refused = { code: 'schedule-refused', message: expect.stringContaining('the code of the app "harbour"') }
    await expect(put()).rejects.toMatchObject(refused)
    await expect(app.schedules.update('nightly', { priority: 1 })).rejects.toMatchObject(refused)
    expect(await app.schedules.get('nightly')).toMatchObject({ owner: 'code' })
    await app.schedules.pause('nightly', { note: 'the crane is broken' })
    await app.schedules.resume('nightly')
    expect(await app.schedules.runNow('nightly')).toEqual({ jobId: expect.any(String) })
    await app.schedules.remove('nightly')
    expect(await put()).toMatchObject({ outcome: 'created' })
    expect(await app.schedules.get('nightly')).toMatchObject({ owner: 'calls' })
  })

  test('removed for good, it is put again only after a removal that is not', async () => {
    const app = appOf()
    const put = () => app.schedules.put('digest', { task: mail, trigger: every('2h') })
    await put()
    await app.schedules.remove('digest', { forGood: true })
    await expect(put()).rejects.toMatchObject({
      code: 'schedule-refused',
      message: expect.stringContaining('for good')
    })
    await app.schedules.remove('digest')
    expect(await put()).toMatchObject({ outcome: 'created' })
  })

  test('that of a call runs now like any other', async () => {
    const app = appOf()
    await app.schedules.put('digest', { task: mail, trigger: every('2h'), payload: { to: 'ann' } })
    const { jobId } = await app.schedules.runNow('digest')
    expect(await app.jobs.get(jobId)).toMatchObject({ scheduleId: 'digest', origin: 'manual', queue: 'letters' })
    await expect(app.schedules.runNow('digest')).rejects.toMatchObject({ code: 'schedule-overlapping' })
  })
})

describe('putMany', () => {
  const items = (count: number, minutes = 60) =>
    Array.from({ length: count }, (_, index) => ({
      id: `digest-${index}`,
      task: mail,
      trigger: every(`${minutes}m`),
      payload: { customer: index }
    }))

  test('answers each, in order, and writes only what differs', async () => {
    const app = appOf()
    const first = await app.schedules.putMany(items(2_500))
    expect(first.map(({ id }) => id)).toEqual(items(2_500).map(({ id }) => id))
    expect(first.every(({ outcome }) => outcome === 'created')).toBe(true)
    const again = await app.schedules.putMany([...items(2_500), ...items(1, 30).map(each => ({ ...each, id: 'new' }))])
    expect(again.filter(({ outcome }) => outcome !== 'unchanged')).toMatchObject([{ id: 'new', outcome: 'created' }])
    expect(await app.schedules.putMany([])).toEqual([])
  })

  test('writes nothing if one is wrong, however far behind', async () => {
    const app = appOf()
    const wrong = [...items(1_500), { id: 'wrong', task: mail, trigger: every('1h'), priority: 500 }]
    await expect(app.schedules.putMany(wrong)).rejects.toMatchObject({
      code: 'schedule-invalid',
      message: expect.stringContaining('"wrong"')
    })
    expect(await app.schedules.list()).toEqual([])
  })

  test('writes all others if one is refused, and then says which', async () => {
    const app = appOf()
    await app.schedules.put('digest-1', { task: mail, trigger: every('2h') })
    await app.schedules.put('digest-2', { task: mail, trigger: every('2h') })
    await app.schedules.remove('digest-1', { forGood: true })
    await app.schedules.remove('digest-2', { forGood: true })
    await expect(app.schedules.putMany(items(4))).rejects.toMatchObject({
      code: 'schedule-refused',
      message: expect.stringMatching(/"digest-1" was removed for good.* 1 more were refused. The other 2 were put./)
    })
    expect((await app.schedules.list()).map(({ id }) => id)).toEqual(['digest-0', 'digest-3'])
  })

  test.each<readonly [string, unknown, string]>([
    ['an object', {}, 'it takes a list'],
    ['a hole', [null], 'at the place 0'],
    ['an id twice', [...items(1), ...items(1)], 'two schedules with the id "digest-0"']
  ])('refused: %s', async (_, given, words) => {
    const put = appOf().schedules.putMany(given as ReturnType<typeof items>)
    await expect(put).rejects.toMatchObject({ code: 'schedule-invalid', message: expect.stringContaining(words) })
  })
})

test('a payload that a codec seals stays as it is while it is the same', async () => {
  let sealedCount = 0
  const codec = {
    name: 'counting',
    encode: (json: string) => `${sealedCount++} ${json}`,
    decode: (text: string) => text.slice(text.indexOf(' ') + 1)
  }
  const letter = task<{ to: string }>('letter', { codec, handler: () => undefined })
  const app = appOf({ tasks: [letter] })
  const put = (to: string) => app.schedules.put('digest', { task: letter, trigger: every('1h'), payload: { to } })
  expect(await put('ann')).toMatchObject({ outcome: 'created' })
  const kept = (await definitionIn(app)).payload
  expect(JSON.stringify(kept)).toContain('$codec')
  expect(await put('ann')).toMatchObject({ outcome: 'unchanged' })
  expect((await definitionIn(app)).payload).toEqual(kept)
  expect(await app.schedules.update('digest', { trigger: every('2h') })).toMatchObject({ outcome: 'changed' })
  expect((await definitionIn(app)).payload).toEqual(kept)
  expect(await put('bob')).toMatchObject({ outcome: 'changed' })
  expect((await definitionIn(app)).payload).not.toEqual(kept)
})
