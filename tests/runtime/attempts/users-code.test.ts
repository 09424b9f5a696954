/* oxlint-disable unicorn/no-thenable -- What users' code answers is not ours to choose. */
import { types } from 'node:util'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEscapement, type Escapement, type EscapementConfig, type Logger, task } from '../../../src/index.ts'
import { Emitter } from '../../../src/runtime/events/emitter.ts'
import { harmless } from '../../../src/runtime/events/harmless-logger.ts'
import { thrownValues } from '../../core/job/thrown-values.ts'
import { heard, Lab, turn } from '../lab.ts'

const facts = { loop: 'tide', failures: 1 }

const throws = (value: unknown) => (): never => {
  throw value
}

describe('a listener', () => {
  test.each(thrownValues)(
    'that throws or rejects with %s is told once, and the others hear all the same',
    async (_, make) => {
      const events = new Emitter()
      const failed = heard(events, 'listener.failed')
      const log: string[] = []
      events.on('loop.recovered', () => {
        throw make()
      })
      events.on('loop.recovered', async () => {
        await turn()
        throw make()
      })
      events.on('loop.recovered', () => void log.push('third'))
      for (const name of ['loop.recovered', 'loop.recovered'] as const) events.emit(name, facts)
      await turn()
      await turn()
      expect(log).toEqual(['third', 'third'])
      expect(failed).toMatchObject(
        Array.from({ length: 2 }, () => ({ event: 'loop.recovered', error: { message: expect.any(String) as string } }))
      )
    }
  )

  test('of failures that fails itself is told to nobody', async () => {
    const events = new Emitter()
    let calls = 0
    events.on('listener.failed', () => {
      calls++
      throw new Error('again')
    })
    events.on('listener.failed', async () => {
      throw new Error('and again')
    })
    events.on('loop.recovered', throws(new Error('first')))
    events.emit('loop.recovered', facts)
    await turn()
    expect(calls).toBe(1)
  })

  test('whose answer has a then that throws, or calls back twice, hurts nobody', async () => {
    const events = new Emitter()
    const failed = heard(events, 'listener.failed')
    events.on('loop.recovered', () => Object.defineProperty({}, 'then', { get: throws(new Error('then')) }))
    events.on('loop.recovered', () => ({
      then: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => {
        reject(new Error('first'))
        reject(new Error('second'))
        resolve(1)
      }
    }))
    events.emit('loop.recovered', facts)
    await turn()
    expect(failed.map(({ error }) => error.message).toSorted()).toEqual(['first', 'then'])
  })

  test('that is no function is refused, and one that comes while facts are told hears the next', () => {
    const events = new Emitter()
    for (const wrong of [undefined, null, 'x', {}])
      expect(() => events.on('loop.recovered', wrong as never)).toThrow('it takes a function')
    const log: string[] = []
    const again = (): void => {
      log.push('heard')
      events.on('loop.recovered', () => again())
    }
    events.on('loop.recovered', again)
    events.emit('loop.recovered', facts)
    expect(log).toEqual(['heard'])
  })
})

function app(config: EscapementConfig): Escapement {
  const made = createEscapement({ database: 'memory:', logger: false, ...config })
  onTestFinished(() => made.stop({ graceMs: 0 }))
  return made
}

test('an app whose listeners all fail works on, and its log says so once', async () => {
  const lines: string[] = []
  const line = (_: object, message?: string): void => void lines.push(message ?? '')
  const load = task('load', { handler: () => 'done' })
  const escapement = app({ tasks: [load], logger: { debug: line, info: line, warn: line, error: line } })
  for (const name of ['job.started', 'job.completed', 'node.started'] as const) {
    escapement.on(name, throws(new Error(`deaf to ${name}`)))
    // oxlint-disable-next-line typescript/no-misused-promises -- Users do.
    escapement.on(name, () => Promise.reject(new Error(`later deaf to ${name}`)))
  }
  await escapement.start()
  let open = 20
  const done = new Promise<void>(resolve =>
    escapement.on('job.completed', () => (--open === 0 ? resolve() : undefined))
  )
  await escapement.enqueueMany(
    load,
    Array.from({ length: 20 }, () => null)
  )
  await done
  expect(lines.filter(said => said.includes('deaf to job.completed'))).toHaveLength(2)
})

describe('a logger', () => {
  const loggers: readonly (readonly [string, () => unknown])[] = [
    ['that throws', () => ({ debug: throws(1), info: throws(1), warn: throws(1), error: throws(1) })],
    ['that rejects', () => new Proxy({}, { get: () => () => Promise.reject(new Error('no disk')) })],
    ['whose methods cannot be read', () => new Proxy({}, { get: throws(new Error('x')) })],
    ['that lacks its methods', () => ({})]
  ]
  test.each(loggers)('%s harms no job', async (_, make) => {
    const logger = harmless(make() as Logger)
    for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]({}, 'heard by nobody')
    await turn()
  })

  test('that cannot write the fields writes the text', () => {
    const written: string[] = []
    const info = (fields: object, message?: string): void => {
      JSON.stringify(fields)
      written.push(message ?? '')
    }
    const logger = harmless({ debug: info, info, warn: info, error: info })
    logger.info({ toJSON: throws(new Error('x')) }, 'the text')
    expect(written).toEqual(['the text'])
  })

  test('is given whatever a handler logs, without harm to the job', async () => {
    const said: unknown[] = []
    const line = (fields: object, message?: string): void => void said.push([fields, message])
    const speak = task('speak', {
      handler: ({ log }) => {
        for (const [, make] of thrownValues) {
          const value = make()
          if (types.isPromise(value)) value.catch(() => undefined)
          if (typeof value !== 'string') log.info(value as object, 'spoken')
        }
        return 'done'
      }
    })
    const escapement = app({ tasks: [speak], logger: { debug: line, info: line, warn: line, error: line } })
    const done = new Promise<void>(resolve => escapement.on('job.completed', () => resolve()))
    await escapement.start()
    await escapement.enqueue(speak, null)
    await done
    expect(said.length).toBeGreaterThan(thrownValues.length / 2)
  })
})

const schemaOf = (validate: (value: unknown) => unknown): StandardSchemaV1 =>
  ({ '~standard': { version: 1, vendor: 'a test', validate } }) as StandardSchemaV1

describe('a schema', () => {
  const broken: readonly (readonly [string, (value: unknown) => unknown])[] = [
    ...thrownValues.map(([name, make]) => [`that throws ${name}`, () => throws(make())()] as const),
    ['that rejects', () => Promise.reject(new Error('x'))],
    ['that answers nothing', () => undefined],
    ['that answers a text', () => 'yes'],
    ['that answers true', () => true],
    ['that answers an empty object', () => ({})],
    ['whose issues are no list', () => ({ issues: 'many' })],
    ['whose issues cannot be read', () => ({ issues: [Object.defineProperty({}, 'message', { get: throws(1) })] })],
    ['whose answer cannot be read', () => Object.defineProperty({}, 'issues', { get: throws(1) })],
    ['whose then cannot be read', () => Object.defineProperty({}, 'then', { get: throws(1) })]
  ]

  test.each(broken)('%s lets nothing be enqueued, and fails the attempt, which is tried again', async (_, validate) => {
    const lab = new Lab()
    const refusing = task('load', { schema: schemaOf(validate), handler: () => 'entered' })
    const node = await lab.started({ tasks: [refusing] })
    const refused = {
      code: 'task-invalid',
      message: expect.stringContaining('The schema of the task "load" failed: ') as string
    }
    await expect(node.enqueuer.enqueue(refusing, { ship: 1 })).rejects.toMatchObject(refused)
    await expect(node.enqueuer.enqueueMany(refusing, [{ ship: 1 }])).rejects.toMatchObject(refused)
    await node.enqueuer.enqueue(task('load', { handler: () => undefined }), { ship: 1 })
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'retryable', failures: 1, errors: [{ code: 'task-invalid' }] })
  })

  const thenable = (answer: unknown): unknown => ({
    then: (resolve: (value: unknown) => void) => {
      resolve(answer)
      resolve(answer)
    }
  })

  test('that answers a thenable is waited for like one that answers a promise', async () => {
    const lab = new Lab()
    const got: unknown[] = []
    const accepting = task('load', {
      schema: schemaOf(value => thenable({ value: [value] })),
      handler: ({ payload }) => void got.push(payload)
    })
    const node = await lab.started({ tasks: [accepting] })
    await node.enqueuer.enqueue(accepting, 1)
    await node.work()
    expect(got).toEqual([[1]])
    const refusing = task('load', {
      schema: schemaOf(() => thenable({ issues: [{ message: 'no' }] })),
      handler: () => 1
    })
    await expect(node.enqueuer.enqueue(refusing, 1)).rejects.toMatchObject({ code: 'payload-invalid' })
  })

  test('that never answers holds up a job only until its time limit', async () => {
    const lab = new Lab()
    const slow = task('load', {
      schema: schemaOf(() => new Promise(() => undefined)),
      handler: () => 1,
      timeout: '1s',
      retry: ['1m']
    })
    const node = await lab.started({ tasks: [slow], config: { abortGrace: 100 } })
    await node.enqueuer.enqueue(task('load', { handler: () => 1 }), null)
    await node.claim()
    await lab.clock.advance(1_100)
    await node.settle()
    expect(lab.onlyJob).toMatchObject({ state: 'retryable', failures: 1 })
  })
})
