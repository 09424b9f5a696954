import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pass } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/clock/system.ts'
import type { SeatRight } from '../../src/coordination/backend.ts'
import type { FileBackend } from '../../src/coordination/file-backend.ts'
import type { LockDatabase } from '../../src/coordination/lock-file.ts'
import { openDriver } from '../../src/stores/sqlite/connection/driver.ts'
import { Contender } from './contender.ts'
import { testSeats } from './contract.ts'
import { LockFolder } from './lock-folder.ts'
import { sharedBooks } from './shared-books.ts'

const TTL_MS = 900

/** Ends what was opened, as the death of its process would. */
const deaths: (() => void)[] = []
afterEach(() => {
  for (const die of deaths.splice(0)) die()
})

testSeats({
  name: 'locks on files',
  open: async () => {
    const locks = new LockFolder()
    const { connect } = sharedBooks(systemClock)
    const log: string[] = []
    return {
      contender: name => {
        const { backend, die } = locks.backend(name)
        deaths.push(die)
        const holder = { id: name, host: 'harbour', pid: process.pid }
        return new Contender({ holder, store: connect(), backend, clock: systemClock, ttlMs: TTL_MS, log, die })
      },
      ttlMs: TTL_MS,
      pass: ms => pass(ms),
      forget: async () => rmSync(locks.lockPath),
      log,
      close: async () => {
        locks.remove()
      }
    }
  }
})

describe('a lock file', () => {
  let locks: LockFolder
  beforeEach(() => {
    locks = new LockFolder()
  })
  afterEach(() => locks.remove())

  const backendOf = (name: string, over: Parameters<LockFolder['backend']>[1] = {}): FileBackend => {
    const { backend, die } = locks.backend(name, over)
    deaths.push(die)
    return backend
  }
  const vacant = async (): Promise<undefined> => undefined
  const taken = async (backend: FileBackend): Promise<SeatRight> => {
    const right = await backend.take('primary', vacant)
    if (right === undefined) throw new Error('Somebody else has the lock.')
    return right
  }

  test.each([
    ['deleted', (file: string) => rmSync(file)],
    ['moved away', (file: string) => renameSync(file, `${file}.old`)],
    [
      'replaced by another',
      (file: string) => {
        writeFileSync(`${file}.new`, readFileSync(file))
        renameSync(`${file}.new`, file)
      }
    ]
  ])('that is %s is held no longer, and that is known at once', async (_how, harm) => {
    const right = await taken(backendOf('ada'))
    expect(right.isIntact()).toBe(true)
    harm(locks.lockPath)
    expect([right.isIntact(), await right.extend()]).toEqual([false, false])
  })

  test('of a term that was begun in it is followed by greater ones, whoever opens it', async () => {
    const terms: number[] = []
    for (const name of ['ada', 'bob', 'cyd']) {
      const right = await taken(backendOf(name))
      terms.push(right.term)
      await right.release()
    }
    expect(terms).toEqual([1, 2, 3])
  })

  test('that a dead process left behind is taken, and what it noted is overwritten', async () => {
    const { backend, die } = locks.backend('ada')
    await taken(backend)
    die()
    const left = [locks.lockPath, `${locks.lockPath}-holder.json`]
    expect(left.map(file => existsSync(file))).toEqual([true, true])
    const right = await taken(backendOf('bob'))
    expect(right.term).toBe(2)
    expect(JSON.parse(readFileSync(left[1]!, 'utf8'))).toMatchObject({ term: 2 })
  })

  test('has a note beside it that says who holds it', async () => {
    const before = Date.now()
    const right = await taken(backendOf('ada'))
    const file = `${locks.lockPath}-holder.json`
    const note = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    expect(note).toMatchObject({ seat: 'primary', term: 1, pid: process.pid, host: 'harbour' })
    expect(Date.parse(String(note['takenAt']))).toBeGreaterThanOrEqual(before)
    const age = Date.parse(String(note['takenAt'])) - Date.parse(String(note['processStartedAt']))
    expect(Math.abs(age - process.uptime() * 1000)).toBeLessThan(60_000)
    await right.release()
    await right.release()
    expect(existsSync(file)).toBe(false)
  })

  test('of another seat lies beside it', async () => {
    const backend = backendOf('ada')
    const rights = [await backend.take('primary', vacant), await backend.take('mail', vacant)]
    expect(rights.map(right => right?.isIntact())).toEqual([true, true])
    expect(existsSync(`${locks.lockPath}.mail`)).toBe(true)
  })

  test('that can only be read is refused: everybody would get it', async () => {
    await (await taken(backendOf('ada'))).release()
    const readOnly = { openDatabase: (file: string) => openDriver(file, { readOnly: true }) }
    await expect(backendOf('bob', readOnly).take('primary', vacant)).rejects.toMatchObject({
      code: 'seat-unavailable',
      message: `The lock file ${locks.lockPath} could not be used: attempt to write a readonly database.`
    })
  })

  test('that is another kind of file is refused, and left as it is', async () => {
    writeFileSync(locks.lockPath, '4711\n')
    await expect(backendOf('ada').take('primary', vacant)).rejects.toMatchObject({
      code: 'seat-unavailable',
      message: `The lock file ${locks.lockPath} could not be used: file is not a database.`
    })
    expect(readFileSync(locks.lockPath, 'utf8')).toBe('4711\n')
  })

  test('that is a database in WAL mode is refused: its lock would end with the transaction', async () => {
    const database = new DatabaseSync(locks.lockPath)
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE ships (name TEXT)')
    database.close()
    await expect(backendOf('ada').take('primary', vacant)).rejects.toMatchObject({ code: 'seat-unavailable' })
  })

  test('is opened once by a contender that tries again and again, and closed with it', async () => {
    await taken(backendOf('ada'))
    const opened: string[] = []
    const openDatabase = (file: string): LockDatabase => {
      opened.push('open')
      const database = openDriver(file)
      const close = (): void => {
        opened.push('closed')
        database.close()
      }
      return { exec: sql => database.exec(sql), prepare: sql => database.prepare(sql), close }
    }
    const bob = backendOf('bob', { openDatabase })
    for (let tries = 0; tries < 5; tries++) expect(await bob.take('primary', vacant)).toBe(undefined)
    expect(opened).toEqual(['open'])
    await bob.close()
    expect(opened).toEqual(['open', 'closed'])
  })

  test('is freed when the election behind it fails', async () => {
    const lost = backendOf('ada').take('primary', () => Promise.reject(new Error('no books')))
    await expect(lost).rejects.toThrow('no books')
    expect((await taken(backendOf('bob'))).term).toBe(2)
  })
})

describe('the folder of lock files', () => {
  const locks = new LockFolder()
  afterEach(() => locks.remove())

  test('is made if there is none', async () => {
    const lockPath = join(locks.folder, 'run', 'app', 'primary.lock')
    const { backend, die } = locks.backend('ada', { lockPath })
    await backend.prepare()
    expect(await backend.take('primary', async () => undefined)).toMatchObject({ term: 1 })
    die()
  })

  test('that can not be made is refused', async () => {
    writeFileSync(`${locks.folder}.file`, '')
    const { backend } = locks.backend('ada', { lockPath: join(`${locks.folder}.file`, 'primary.lock') })
    await expect(backend.prepare()).rejects.toMatchObject({
      code: 'seat-unavailable',
      message: /^The folder of the lock files can't be written: /
    })
    rmSync(`${locks.folder}.file`)
  })

  test.each([
    ['NFS', 0x6969],
    ['SMB2', 0xfe534d42],
    ['CIFS', 0xff534d42 | 0],
    ['FUSE', 0x65735546]
  ])('on a network disk (%s) is refused, unless that is allowed', async (name, type) => {
    const fileSystemType = async (): Promise<number> => type
    await expect(locks.backend('ada', { fileSystemType }).backend.prepare()).rejects.toMatchObject({
      code: 'seat-refused',
      message: new RegExp(`would be on a network disk \\(${name}\\)`)
    })
    await locks.backend('ada', { fileSystemType, allowNetworkDisk: true }).backend.prepare()
  })

  test('on a disk of its own is taken', async () => {
    await locks.backend('ada').backend.prepare()
  })
})

describe('two hosts, each with a lock file of its own', () => {
  test('hold a seat of the same books one after the other: the books tell the first of the second', async () => {
    const hosts = [new LockFolder(), new LockFolder()]
    const { connect } = sharedBooks(systemClock)
    const log: string[] = []
    const [ada, bob] = hosts.map((locks, index) => {
      const name = ['ada', 'bob'][index]!
      const { backend, die } = locks.backend(name)
      deaths.push(die)
      const holder = { id: name, host: name, pid: 1 }
      return new Contender({ holder, store: connect(), backend, clock: systemClock, ttlMs: TTL_MS, log, die })
    }) as [Contender, Contender]
    await ada.step()
    await bob.step()
    expect(bob.term).toBeGreaterThan(ada.term)
    while (!log.includes('primary: ada taken')) await pass(await ada.step())
    expect([ada.isHeld, bob.isHeld]).toEqual([false, true])
    for (const locks of hosts) locks.remove()
  })
})
