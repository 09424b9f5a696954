import { describe, expect, test } from 'vitest'
import { hopeOf } from '../../../src/cli/process/books-hope.ts'
import { Refused } from '../../../src/cli/failures.ts'
import { startWhenOpen } from '../../../src/cli/process/start-when-open.ts'
import { EscapementError } from '../../../src/core/errors.ts'
import type { EventMap } from '../../../src/core/events.ts'
import { openStore } from '../../../src/app/open-store.ts'
import type { ToMaster } from '../../../src/launcher/protocol.ts'
import { systemClock } from '../../../src/clock/system.ts'
import { Emitter } from '../../../src/runtime/events/emitter.ts'
import { readOnlyError } from '../../../src/stores/postgres/errors.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { emptyFolder } from '../run-cli.ts'

const withCode = (code: string, message = 'no'): Error => Object.assign(new Error(message), { code })
const unavailable = (cause?: unknown): EscapementError =>
  new EscapementError('store-unavailable', 'The books could not be used.', { cause })

describe('books that cannot be opened', () => {
  test.each([
    ['nothing listens there yet', unavailable(withCode('ECONNREFUSED'))],
    ['on none of several addresses', unavailable(new AggregateError([withCode('ECONNREFUSED'), withCode('28P01')]))],
    ['its name is not known yet', unavailable(withCode('ENOTFOUND'))],
    ['it is starting', unavailable(withCode('57P03'))],
    ['it has no connection left', unavailable(withCode('53300'))],
    ['the connection broke', unavailable(new Error('Connection terminated unexpectedly'))],
    ['a standby', readOnlyError({ database: 'database "app"', user: 'app', schema: '"escapement"' })],
    ['the disk is full', unavailable(Object.assign(new Error('full'), { errcode: 13 }))],
    ['others hold it', new EscapementError('store-busy', 'It is locked.')]
  ])('may be there in a while: %s', (_, error) => expect(hopeOf(error)).toBe('passes'))

  test.each([
    ['a package is missing', unavailable(withCode('ERR_MODULE_NOT_FOUND'))],
    ['the password is refused', unavailable(withCode('28P01'))],
    ['there is no such database', unavailable(withCode('3D000'))],
    ['the role may not', unavailable(withCode('42501'))],
    ['its certificate is not trusted', unavailable(withCode('DEPTH_ZERO_SELF_SIGNED_CERT'))],
    ['it has no TLS', unavailable(new Error('The server does not support SSL connections'))],
    ['Escapement cannot use it', unavailable()],
    ['a newer release has migrated it', new EscapementError('migration-mismatch', 'newer')],
    ['what decides a seat could let two hold it', new EscapementError('seat-refused', 'evicts')]
  ])('stay as they are until a person fixes it: %s', (_, error) => expect(hopeOf(error)).toBe('stays'))

  test('an error of the app is none of them', () => expect(hopeOf(new Error('of the app'))).toBe('unknown'))

  test('in a folder that is not there, or in a file that is none of SQLite’s, stay so', async () => {
    for (const file of ['nowhere/at/all.db', '.']) {
      const database = { kind: 'sqlite', file: `${emptyFolder()}/${file}` } as const
      const opening = openStore(
        { database, sqlite: { synchronous: 'normal' }, lease: { ttlMs: 15_000, renewEveryMs: 5_000 } },
        { clock: systemClock }
      )
      const error: unknown = await opening.catch((cause: unknown) => cause)
      expect(hopeOf(error)).toBe('stays')
    }
  })
})

describe('a start', () => {
  const plan = { name: 'web.1', kind: 'web', roles: ['web'] } as const

  /** Fails in these ways, one after the other, and then starts. */
  function starting(errors: readonly Error[], waitsForBooks: boolean, watched?: EventMap['books.watching']) {
    const clock = new ManualClock()
    const waits: (ToMaster & { type: 'waits' })[] = []
    const triedAt: number[] = []
    const left = [...errors]
    const events = new Emitter()
    const start = async (): Promise<void> => {
      triedAt.push(clock.monotonic())
      if (watched !== undefined) events.emit('books.watching', watched)
      const error = left.shift()
      if (error !== undefined) throw error
    }
    const tell = (message: ToMaster): void => void (message.type === 'waits' && waits.push(message))
    const started = startWhenOpen(
      { start, on: (name, listener) => events.on(name, listener) },
      { tell },
      { plan, waitsForBooks },
      clock
    )
    started.catch(() => undefined)
    return { clock, waits, triedAt, started }
  }

  test('waits for books that may come, with pauses that grow, and says so once', async () => {
    const away = unavailable(withCode('ECONNREFUSED'))
    const busy = new EscapementError('store-busy', 'It is locked.')
    const { clock, waits, triedAt, started } = starting([...Array<Error>(8).fill(away), busy], true)
    await clock.advance(120_000)
    await started
    expect(waits.map(({ reason }) => reason)).toEqual(['The books could not be used.', null])
    const pauses = triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0))
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000])
  })

  test('pauses its time limit while a migration watches nodes that may be dead', async () => {
    const { started, waits } = starting([], false, { nodes: ['node-a (harbour, process 7)'], forMs: 30_000 })
    await started
    expect(waits.map(({ reason }) => reason)).toEqual(['node-a (harbour, process 7) may still work on the books', null])
  })

  test('does not wait where it may not, nor for what is no matter of the books', async () => {
    const away = unavailable(withCode('ECONNREFUSED'))
    await expect(starting([away], false).started).rejects.toBe(away)
    const fault = new Error('of the app')
    await expect(starting([fault], true).started).rejects.toBe(fault)
  })

  test('ends at once with the status of a wrong use, where only a person can help', async () => {
    const { started, waits } = starting([unavailable()], true)
    const error: unknown = await started.catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(Refused)
    expect((error as Refused).failure).toMatchObject({ status: 2, code: 'store-unavailable' })
    expect(waits).toEqual([])
  })
})
