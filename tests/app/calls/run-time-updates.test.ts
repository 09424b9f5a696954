import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cron, type Escapement, every, spread } from '../../../src/index.ts'
import { appOf, call, definitionIn, mail, stateIn } from './run-time-app.ts'
import { removeFolder } from '../../remove-folder.ts'

describe('update', () => {
  const put = (app: Escapement) =>
    app.schedules.put('digest', {
      task: mail,
      trigger: cron('0 2 * * *', { timezone: 'Asia/Tokyo' }),
      payload: { to: 'ann' },
      queue: 'slow',
      spread: '1h',
      misfireGrace: '5m',
      maxFires: 3,
      coalesce: 'all'
    })

  test('changes only what is given, each of them', async () => {
    const app = appOf({ defaults: { timezone: 'Europe/Berlin' } })
    await put(app)
    const before = await definitionIn(app)
    const changes: [Parameters<typeof app.schedules.update>[1], object][] = [
      [{ payload: { to: 'bob' } }, { payload: { to: 'bob' } }],
      [{ payload: null }, { payload: null }],
      [
        { priority: -5, queue: 'fast' },
        { priority: -5, queue: 'fast' }
      ],
      [{ misfireGrace: null }, { misfireGraceMs: null }],
      [{ misfireGrace: '1m' }, { misfireGraceMs: 60_000 }],
      [{ maxFires: null }, { maxFires: null }],
      [
        { maxInstances: 4, overlap: 'allow' },
        { maxInstances: 4, overlap: 'allow' }
      ],
      [
        { coalesce: 'latest', coalesceCap: 7 },
        { coalesce: 'latest', coalesceCap: 7 }
      ],
      [{ spread: '2h' }, { trigger: { ...before.trigger, windowMs: 7_200_000 } }]
    ]
    let definition = before
    for (const [options, changed] of changes) {
      expect(await app.schedules.update('digest', options)).toMatchObject({ outcome: 'changed' })
      definition = { ...definition, ...changed }
      expect(await definitionIn(app)).toEqual(definition)
      expect(await app.schedules.update('digest', options)).toMatchObject({ outcome: 'unchanged' })
    }
  })

  test('a new trigger keeps the spread, and takes the default zone of now', async () => {
    const app = appOf({ defaults: { timezone: 'Europe/Berlin' } })
    await put(app)
    await app.schedules.update('digest', { trigger: cron('30 7 * * *') })
    expect((await definitionIn(app)).trigger).toMatchObject({
      kind: 'spread',
      windowMs: 3_600_000,
      trigger: { expression: '30 7 * * *', timezone: 'Europe/Berlin' }
    })
    await app.schedules.update('digest', { spread: 0 })
    expect((await definitionIn(app)).trigger).toMatchObject({ kind: 'cron', expression: '30 7 * * *' })
  })

  test('a trigger that was spread under another id stays as it is', async () => {
    const app = appOf()
    await app.schedules.put('digest', { task: mail, trigger: spread(every('1h'), 'fleet', '10m') })
    const { trigger } = await definitionIn(app)
    await app.schedules.update('digest', { priority: 3 })
    expect((await definitionIn(app)).trigger).toEqual(trigger)
  })

  test('a schedule whose task this process lacks: all but its payload', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'escapement-schedules-'))
    onTestFinished(() => removeFolder(folder))
    const database = `sqlite:${join(folder, 'books.db')}`
    await put(appOf({ database }))
    const other = appOf({ database, tasks: [call] })
    expect(await other.schedules.update('digest', { priority: 2 })).toMatchObject({ outcome: 'changed' })
    expect(await definitionIn(other)).toMatchObject({ task: 'mail', maxAttempts: 4, priority: 2 })
    const refused = { code: 'task-unknown', message: expect.stringContaining('"mail"') }
    await expect(other.schedules.update('digest', { payload: 1 })).rejects.toMatchObject(refused)
  })

  test.each<readonly [string, object, string, string]>([
    ['a task', { task: mail }, 'schedule-invalid', 'schedules.put() gives a schedule another task'],
    ['runAtStart', { runAtStart: true }, 'schedule-invalid', 'schedules.runNow()'],
    ['a misspelt option', { priorty: 1 }, 'schedule-invalid', '"priority"'],
    ['a wrong value', { maxFires: 0 }, 'schedule-invalid', 'or null for none'],
    ['a trigger that is none', { trigger: '5m' }, 'schedule-invalid', 'every("5m")'],
    ['a payload that is not JSON', { payload: new Map() }, 'payload-invalid', 'Map'],
    ['a list', [], 'schedule-invalid', 'it takes an object']
  ])('refused: %s', async (_, options, code, words) => {
    const app = appOf()
    await put(app)
    const before = await stateIn(app)
    const update = app.schedules.update('digest', options)
    await expect(update).rejects.toMatchObject({ code, message: expect.stringContaining(words) })
    expect(await stateIn(app)).toEqual(before)
  })

  test('refused: a payload that the schema of its task does not take', async () => {
    const app = appOf()
    await app.schedules.put('digest', { task: call, trigger: every('1h'), payload: { port: 'Emden' } })
    await expect(app.schedules.update('digest', { payload: { port: 5 } })).rejects.toMatchObject({
      code: 'payload-invalid'
    })
    expect(await app.schedules.update('digest', { payload: { port: 'Kiel' } })).toMatchObject({ outcome: 'changed' })
  })

  test('an unknown or removed schedule is unknown', async () => {
    const app = appOf()
    const update = () => app.schedules.update('digest', { priority: 1 })
    await expect(update()).rejects.toMatchObject({ code: 'schedule-unknown' })
    await put(app)
    await app.schedules.remove('digest')
    await expect(update()).rejects.toMatchObject({ code: 'schedule-unknown' })
  })
})

describe('the note of a pause', () => {
  test.each<readonly [string, object]>([
    ['empty', { note: ' ' }],
    ['too long', { note: 'x'.repeat(1_001) }],
    ['no text', { note: 5 }],
    ['of two lines', { note: 'a\nb' }],
    ['misspelt', { not: 'x' }]
  ])('refused: %s', async (_, options) => {
    const app = appOf()
    await app.schedules.put('digest', { task: mail, trigger: every('1h') })
    await expect(app.schedules.pause('digest', options)).rejects.toMatchObject({ code: 'options-invalid' })
    expect(await stateIn(app)).toMatchObject({ phase: 'active' })
  })
})
