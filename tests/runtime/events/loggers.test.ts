import { Writable } from 'node:stream'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AppLogger, createEscapement, type HandlerLog, task } from '../../../src/index.ts'

/** The calls that a logger gets from a handler, without those of the engine itself. */
async function logged(
  logger: AppLogger,
  calls: readonly unknown[],
  say: (log: HandlerLog) => void
): Promise<unknown[]> {
  const speak = task('speak', { handler: ({ log }) => say(log) })
  const app = createEscapement({ database: 'memory:', logger, tasks: [speak] })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.start()
  const completed = new Promise<void>(resolve => app.on('job.completed', () => resolve()))
  const before = calls.length
  await app.enqueue(speak, null)
  await completed
  return calls.slice(before)
}

function recorder() {
  const calls: unknown[][] = []
  const at =
    (level: string) =>
    (...said: unknown[]) =>
      void calls.push([level, ...said])
  return { calls, at }
}

function pinoLike() {
  const { calls, at } = recorder()
  return { calls, logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } }
}

const error = new Error('storm')
const job = { task: 'speak', attempt: 1 }

describe('a handler logs in any of the ways of pino and the console', () => {
  test.each<[string, (log: HandlerLog) => void, object, string | undefined]>([
    ['a text', log => log.info('arrived'), {}, 'arrived'],
    ['a text and values', log => log.info('%s at %d knots', 'Ann', 12), {}, 'Ann at 12 knots'],
    ['a text and more', log => log.info('ship', 'Ann', 3), {}, 'ship Ann 3'],
    ['a text and fields', log => log.info('arrived', { ship: 'Ann' }), { ship: 'Ann' }, 'arrived'],
    ['a text and an error', log => log.info('sunk', error), { err: error }, 'sunk'],
    ['fields and a text', log => log.info({ ship: 'Ann' }, 'arrived'), { ship: 'Ann' }, 'arrived'],
    ['fields, a text and values', log => log.info({ ship: 'Ann' }, 'at %d', 12), { ship: 'Ann' }, 'at 12'],
    ['fields alone', log => log.info({ ship: 'Ann' }), { ship: 'Ann' }, undefined],
    ['an error', log => log.info(error), { err: error }, 'storm'],
    ['an error and a text', log => log.info(error, 'sunk'), { err: error }, 'sunk'],
    ['an object for %o', log => log.info('of %j', { ship: 'Ann' }), {}, 'of {"ship":"Ann"}'],
    ['a text with a per cent', log => log.info('100% done'), {}, '100% done'],
    ['a number', log => (log.info as (said: unknown) => void)(12), {}, '12'],
    ['a list', log => (log.info as (said: unknown) => void)(['a']), {}, "[ 'a' ]"],
    ['nothing', log => (log.info as () => void)(), {}, undefined]
  ])('%s', async (_, say, fields, message) => {
    const { calls, logger } = pinoLike()
    expect(await logged(logger, calls, say)).toContainEqual([
      'info',
      expect.objectContaining({ ...job, ...fields }),
      message
    ])
  })

  test('what cannot be read ends no job', async () => {
    const { calls, logger } = pinoLike()
    const bad = {
      get ship(): string {
        throw error
      }
    }
    expect(await logged(logger, calls, log => log.info(bad, 'arrived'))).toContainEqual([
      'info',
      expect.objectContaining(job),
      'a handler logged something that could not be read'
    ])
  })
})

describe('loggers of many makes are taken', () => {
  test('pino', async () => {
    const lines: string[] = []
    const sink = new Writable({ write: (chunk: Buffer, _, done) => (lines.push(String(chunk)), done()) })
    const written = await logged(pino({ base: null }, sink), lines, log => log.info('arrived', { ship: 'Ann' }))
    expect(written.map(line => JSON.parse(String(line)) as object)).toContainEqual(
      expect.objectContaining({ msg: 'arrived', ship: 'Ann', task: 'speak' })
    )
  })

  test('a console: the text first', async () => {
    const { calls, at } = recorder()
    const logger = { ...console, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
    expect(await logged(logger, calls, log => log.warn({ ship: 'Ann' }, 'late'))).toContainEqual([
      'warn',
      'late',
      expect.objectContaining({ ...job, ship: 'Ann' })
    ])
  })

  test('one like winston: the text first, with its this', async () => {
    const { calls, at } = recorder()
    class Winston {
      transports = []
      log = at('log')
      info(...said: unknown[]): void {
        at(this.transports.length === 0 ? 'info' : '')(...said)
      }
    }
    expect(await logged(new Winston(), calls, log => log.info('arrived'))).toContainEqual([
      'info',
      'arrived',
      expect.objectContaining(job)
    ])
  })

  test('one that lacks levels', async () => {
    const { calls, at } = recorder()
    const say = (log: HandlerLog): void => {
      log.debug('d')
      log.info('i')
      log.warn('w')
      log.error('e')
    }
    const said = (await logged({ info: at('info'), error: at('error') }, calls, say)).map(call => [
      (call as unknown[])[0],
      (call as unknown[])[2]
    ])
    expect(said).toEqual(
      expect.arrayContaining([
        ['info', 'i'],
        ['info', 'w'],
        ['error', 'e']
      ])
    )
    expect(said).not.toContainEqual(['info', 'd'])
  })

  test.each([[{}], [{ debug: () => 1 }], [console.log], ['console']])('%j is none', logger => {
    expect(() => createEscapement({ logger } as never)).toThrow('"logger" is ')
  })
})

describe('our own lines go through the streams of the process', () => {
  test.each([
    [undefined, 'stderr'],
    ['stdout', 'stdout'],
    ['STDERR', 'stderr']
  ] as const)('ESCAPEMENT_LOG_STREAM=%s: %s', async (said, stream) => {
    const lines: string[] = []
    const write = process[stream].write.bind(process[stream])
    process[stream].write = (text: string) => lines.push(text) > 0
    if (said !== undefined) process.env['ESCAPEMENT_LOG_STREAM'] = said
    onTestFinished(() => {
      process[stream].write = write
      delete process.env['ESCAPEMENT_LOG_STREAM']
    })
    const app = createEscapement({ database: 'memory:' })
    await app.start()
    await app.stop()
    process[stream].write = write
    expect(lines.filter(line => line.includes('"event":"node.started"'))).toHaveLength(1)
  })

  test('another stream is refused', () => {
    process.env['ESCAPEMENT_LOG_STREAM'] = 'file'
    onTestFinished(() => {
      delete process.env['ESCAPEMENT_LOG_STREAM']
    })
    expect(() => createEscapement({})).toThrow('ESCAPEMENT_LOG_STREAM is "file"; it takes "stdout" or "stderr".')
  })
})
