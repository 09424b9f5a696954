import { describe, expect, test } from 'vitest'
import { createEscapement, every, type PayloadCodec, schedule, task } from '../../../src/index.ts'
import { readScheduleDetails } from '../../../src/views/schedule.ts'
import { cipher } from '../attempts/cipher.ts'
import { heard, Lab } from '../lab.ts'

const ann = 'ann@example.org'

const textOf = ({ books: { jobs, schedules, timelines } }: Lab): string =>
  JSON.stringify([...jobs.values(), ...schedules.values(), ...timelines.values()])

describe('a schedule of a task with a codec', () => {
  const declared = (codec: PayloadCodec | readonly PayloadCodec[], to = ann) => {
    const mail = task<{ to: string }>('mail', { codec, handler: ({ payload }) => payload })
    return { tasks: [mail], schedules: [schedule('daily', { task: mail, trigger: every('1d'), payload: { to } })] }
  }
  const deployed = async (lab: Lab, declaring: ReturnType<typeof declared>) => {
    const node = lab.node({ ...declaring, config: { name: 'harbour' } })
    const registered = heard(node.events, 'schedule.registered')
    await node.start()
    const { revision, definition } = lab.books.schedules.get('daily')!
    return { node, registered, revision, payload: JSON.stringify(definition.payload) }
  }

  test('is sealed once: later starts leave it, until the payload or the codec is another', async () => {
    const lab = new Lab()
    const codec = cipher('aes')
    const first = await deployed(lab, declared(codec))
    expect(first.payload).toContain('"$codec":"aes"')
    expect(textOf(lab)).not.toContain('ann@')
    const second = await deployed(lab, declared(codec))
    expect(second).toMatchObject({ revision: first.revision, payload: first.payload })
    expect(second.registered).toMatchObject([{ created: 0, changed: 0, unchanged: 1 }])
    await first.node.look()
    const other = await deployed(lab, declared(codec, 'bob@example.org'))
    expect(other.registered).toMatchObject([{ changed: 1 }])
    expect(other.payload).not.toBe(first.payload)
    await first.node.look()
    await second.node.look()
    expect(JSON.stringify(lab.books.schedules.get('daily')?.definition.payload)).toBe(other.payload)
    const rotated = await deployed(lab, declared([cipher('new'), codec], 'bob@example.org'))
    expect(rotated.registered).toMatchObject([{ changed: 1 }])
    expect(rotated.payload).toContain('"$codec":"new"')
  })

  test('gives its jobs the sealed payload, which their handlers get plain', async () => {
    const lab = new Lab()
    const { node } = await deployed(lab, declared(cipher('aes')))
    const { jobId } = await node.operator.runNow('daily')
    await node.work()
    expect(lab.job(jobId)).toMatchObject({ state: 'completed', payload: expect.stringMatching(/^\{"\$codec":"aes"/) })
    expect(textOf(lab)).not.toContain('ann@')
  })

  test('is shown decoded to an app that knows the task, and sealed to another', async () => {
    const app = createEscapement({ database: 'memory:', logger: false, ...declared(cipher('aes')) })
    try {
      await app.start()
      expect((await app.schedules.get('daily'))?.definition.payload).toEqual({ to: ann })
      expect((await readScheduleDetails(await app.store(), 'daily')).definition.payload).toEqual({ sealed: 'aes' })
    } finally {
      await app.stop({ graceMs: 0 })
    }
  })
})
