import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createEscapement, isEscapementError, type PayloadCodec, task } from '../../../src/index.ts'
import { logEvents } from '../../../src/runtime/events/log-subscriber.ts'
import { viewJob } from '../../../src/views/job.ts'
import { heard, Lab } from '../lab.ts'
import { cipher } from './cipher.ts'

const ann = 'ann@example.org'

/** Everything in the books of a lab, as one text. */
const textOf = ({ books: { jobs, schedules, steps } }: Lab): string =>
  JSON.stringify([...jobs.values(), ...schedules.values(), ...[...steps.values()].map(each => [...each])])

describe('a task with a codec', () => {
  test('leaves nothing plain in the books, and its handler sees what was enqueued', async () => {
    const lab = new Lab()
    const codec = cipher('aes')
    const seen: unknown[] = []
    const mail = task<{ to: string }>('mail', {
      codec,
      handler: async ({ payload, step, progress, attempt }) => {
        seen.push(payload)
        seen.push(await step('address', () => ({ to: payload.to, attempt })))
        await progress({ sending: payload.to })
        if (attempt === 1) throw new Error(`${payload.to} did not answer`, { cause: new Error(`no ${payload.to}`) })
        return { sent: payload.to }
      },
      retry: [0]
    })
    const node = await lab.started({ tasks: [mail] })
    const { id } = await node.enqueuer.enqueue(mail, { to: ann })
    await node.enqueuer.enqueueMany(mail, [{ to: ann }], { runAt: lab.clock.now() + 60_000 })
    await node.work()
    expect(textOf(lab)).not.toContain('ann@')
    await node.work()
    expect(seen).toEqual([{ to: ann }, { to: ann, attempt: 1 }, { to: ann }, { to: ann, attempt: 1 }])
    expect(lab.job(id).state).toBe('completed')
    expect(textOf(lab)).not.toContain('ann@')

    const open = viewJob(lab.job(id), { codecs: mail.codecs })
    expect(open).toMatchObject({
      payload: { to: ann },
      progress: { sending: ann },
      result: { sent: ann },
      errors: [{ attempt: 1, message: `${ann} did not answer`, cause: { message: `no ${ann}` } }]
    })
    expect(open.errors[0]).not.toHaveProperty('sealed')
    expect(viewJob(lab.job(id))).toMatchObject({
      payload: { sealed: 'aes' },
      progress: { sealed: 'aes' },
      result: { sealed: 'aes' },
      errors: [{ attempt: 1, message: 'Sealed by the codec "aes".', sealed: 'aes' }]
    })
    codec.forget()
    expect(viewJob(lab.job(id), { codecs: mail.codecs })).toMatchObject({
      payload: { sealed: 'aes', isUnreadable: true },
      result: { sealed: 'aes', isUnreadable: true },
      errors: [{ sealed: 'aes' }]
    })
  })

  test('its codec is told of each part whose job it is', async () => {
    const lab = new Lab()
    const told: unknown[] = []
    const codec: PayloadCodec = {
      name: 'none',
      encode: (json, { payload }) => (told.push(payload), json),
      decode: text => text
    }
    const mail = task('mail', {
      codec,
      maxAttempts: 1,
      handler: async ({ step, progress, payload }) => {
        await step('one', () => 1)
        await progress(2)
        if (payload === 'fail') throw new Error('ebb')
        return 3
      }
    })
    const node = await lab.started({ tasks: [mail] })
    await node.enqueuer.enqueue(mail, 'return')
    await node.work()
    await node.enqueuer.enqueue(mail, 'fail')
    await node.work()
    expect(told).toEqual([...Array(4).fill('"return"'), ...Array(4).fill('"fail"')])
  })

  test('a payload of null is null for the handler', async () => {
    const lab = new Lab()
    const seen: unknown[] = []
    const tick = task('tick', { codec: cipher('aes'), handler: ({ payload }) => void seen.push(payload) })
    const node = await lab.started({ tasks: [tick] })
    await node.enqueuer.enqueue(tick, null)
    await node.work()
    expect(seen).toEqual([null])
  })

  test('a job that was enqueued before there was a codec runs', async () => {
    const lab = new Lab()
    const node = await lab.started()
    const { id } = await node.enqueuer.enqueue(task('mail', { handler: () => 1 }), { to: ann })
    const later = await lab.started({
      tasks: [task('mail', { codec: cipher('aes'), handler: ({ payload }) => payload })]
    })
    await later.work()
    expect(lab.job(id)).toMatchObject({ state: 'completed', result: expect.stringContaining('"$codec":"aes"') })
  })

  test('a packing codec keeps more than would be kept plain', async () => {
    const lab = new Lab()
    const { deflateRawSync, inflateRawSync } = await import('node:zlib')
    const packed: PayloadCodec = {
      name: 'deflate',
      encode: json => deflateRawSync(json).toString('base64'),
      decode: text => inflateRawSync(Buffer.from(text, 'base64')).toString()
    }
    const lengths: unknown[] = []
    const long = task<string>('long', { codec: packed, handler: ({ payload }) => void lengths.push(payload.length) })
    const node = await lab.started({ tasks: [long] })
    await node.enqueuer.enqueue(long, 'x'.repeat(3_000_000))
    await node.work()
    expect(lengths).toEqual([3_000_000])
    const noise = randomBytes(1_000_000).toString('base64')
    await expect(node.enqueuer.enqueue(long, noise)).rejects.toMatchObject({ code: 'codec-failed' })
    await expect(node.enqueuer.enqueue(long, 'x'.repeat(10_000_000))).rejects.toMatchObject({ code: 'payload-invalid' })
    expect(lab.books.jobs.size).toBe(1)
  })
})

describe('what cannot be decoded', () => {
  const ended = async (forget: (codec: ReturnType<typeof cipher>) => PayloadCodec | undefined, steps = false) => {
    const lab = new Lab()
    const codec = cipher('aes')
    let begun = 0
    const taskWith = (codec: PayloadCodec | undefined) =>
      task('mail', {
        ...(codec && { codec }),
        retry: [0],
        handler: async ({ step, attempt }) => {
          begun += 1
          await step('one', () => ann)
          if (attempt === 1) throw new Error('again')
        }
      })
    const mail = taskWith(codec)
    const node = await lab.started({ tasks: [mail] })
    const { id } = await node.enqueuer.enqueue(steps ? taskWith(undefined) : mail, { to: ann })
    if (steps) await node.work()
    const other = taskWith(forget(codec))
    const later = await lab.started({ tasks: [other] })
    await node.stop()
    const failed = heard(later.events, 'job.failed')
    await later.work()
    return { job: lab.job(id), begun, failed }
  }

  test('a payload whose key is gone fails the job at once, and the handler does not begin', async () => {
    const { job, begun, failed } = await ended(codec => (codec.forget(), codec))
    expect(job).toMatchObject({ state: 'discarded', failures: 1 })
    expect(job.errors).toEqual([
      {
        attempt: 1,
        at: job.errors[0]?.at,
        code: 'codec-failed',
        message: expect.stringMatching(/^The payload of the job .* "mail" could not be decoded by the codec "aes"\.$/)
      }
    ])
    expect(begun).toBe(0)
    expect(isEscapementError(failed[0]?.error, 'codec-failed')).toBe(true)
  })

  test('a payload whose codec the task no longer has fails the job at once', async () => {
    for (const other of [undefined, cipher('other')]) {
      const { job, begun } = await ended(() => other)
      expect(job).toMatchObject({ state: 'discarded', errors: [{ message: expect.stringContaining('"aes"') }] })
      expect(begun).toBe(0)
    }
  })

  test('a result of a step whose key is gone fails the job at once', async () => {
    const { job, begun } = await ended(codec => (codec.forget(), codec), true)
    expect(job).toMatchObject({
      state: 'discarded',
      failures: 2,
      errors: [{}, { message: expect.stringContaining('"one"') }]
    })
    expect(begun).toBe(2)
  })

  test('an error that cannot be sealed is left out, and a result is not kept', async () => {
    const lab = new Lab()
    const codec = cipher('aes')
    const mail = task('mail', {
      codec,
      maxAttempts: 1,
      handler: ({ payload }) => {
        codec.forget()
        if (payload === 'fail') throw new Error(ann)
        return ann
      }
    })
    const node = await lab.started({ tasks: [mail], config: { worker: { concurrency: 1 } } })
    const unkept = heard(node.events, 'job.result-unkept')
    const failing = await node.enqueuer.enqueue(mail, 'fail')
    await node.work()
    codec.remember()
    const returning = await node.enqueuer.enqueue(mail, 'return')
    await node.work()
    expect(lab.job(failing.id)).toMatchObject({
      state: 'discarded',
      errors: [{ message: expect.stringContaining('"aes"') }]
    })
    expect(lab.job(returning.id)).toMatchObject({ state: 'completed', result: undefined })
    expect(unkept).toMatchObject([{ problem: expect.stringContaining('"aes"') }])
    expect(textOf(lab)).not.toContain('ann@')
  })
})

describe('the log', () => {
  test('has neither the message nor the stack of an error that is sealed', async () => {
    const lab = new Lab()
    const mail = task('mail', {
      codec: cipher('aes'),
      maxAttempts: 1,
      handler: () => {
        throw new Error(`no such person: ${ann}`)
      }
    })
    const node = await lab.started({ tasks: [mail] })
    const lines: unknown[] = []
    const say = (...said: unknown[]): void => void lines.push(said)
    const told = heard(node.events, 'job.discarded')
    logEvents(node.events, { debug: say, info: say, warn: say, error: say }, 'debug', {})
    await node.enqueuer.enqueue(mail, null)
    await node.work()
    expect(JSON.stringify(lines)).toContain('sealed by the codec \\"aes\\"')
    expect(lines.flat().some(each => each instanceof Object && 'err' in each)).toBe(false)
    expect(JSON.stringify(lines)).not.toContain('ann@')
    // The app's own listeners get it whole.
    expect(told).toMatchObject([{ sealedBy: 'aes', error: { message: `no such person: ${ann}` } }])
  })

  test('says why a payload could not be decoded, and nothing of what the codec threw', async () => {
    const lab = new Lab()
    const codec = cipher('aes')
    const mail = task('mail', { codec, handler: () => 1 })
    const node = await lab.started({ tasks: [mail] })
    const lines: unknown[] = []
    const say = (...said: unknown[]): void => void lines.push(said)
    logEvents(node.events, { debug: say, info: say, warn: say, error: say }, 'debug', {})
    await node.enqueuer.enqueue(mail, null)
    codec.forget()
    await node.work()
    expect(JSON.stringify(lines)).toContain('could not be decoded by the codec \\"aes\\"')
    expect(lines.flat().some(each => each instanceof Object && 'err' in each)).toBe(false)
  })
})

test('an app waits for a result, gets and lists jobs decoded, and tells what it cannot decode', async () => {
  const codec = cipher('aes')
  const mail = task('mail', { codec, maxAttempts: 1, handler: ({ payload }) => payload })
  const fails = task('fails', {
    codec,
    maxAttempts: 1,
    handler: () => {
      throw new Error(`no ${ann}`)
    }
  })
  const app = createEscapement({ database: 'memory:', logger: false, tasks: [mail, fails] })
  try {
    await app.start()
    const { id, result } = await app.enqueue(mail, { to: ann })
    expect(await result()).toEqual({ to: ann })
    expect(await app.jobs.get(id)).toMatchObject({ payload: { to: ann }, result: { to: ann } })
    expect((await app.jobs.list()).items).toMatchObject([{ payload: { to: ann } }])
    const failed = await app.enqueue(fails, null)
    await expect(failed.result()).rejects.toMatchObject({ code: 'job-failed', cause: { message: `no ${ann}` } })
    codec.forget()
    await expect(app.jobs.result(id)).rejects.toMatchObject({ code: 'codec-failed' })
    expect(await app.jobs.get(id)).toMatchObject({ payload: { sealed: 'aes', isUnreadable: true } })
    await expect(app.enqueue(mail, 1)).rejects.toMatchObject({ code: 'codec-failed' })
  } finally {
    await app.stop({ graceMs: 0 })
  }
})
