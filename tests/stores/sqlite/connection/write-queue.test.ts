import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { Connection } from '../../../../src/stores/sqlite/connection/connection.ts'
import { WriteQueue } from '../../../../src/stores/sqlite/connection/write-queue.ts'
import { ManualClock } from '../../../../src/testing/manual-clock.ts'
import { openDriver } from '../../../../src/stores/sqlite/connection/driver.ts'
import { freshFile } from '../folder.ts'

let file: string
let connection: Connection
let clock: ManualClock
let queue: WriteQueue
let rollbacks = 0

beforeEach(() => {
  file = freshFile()
  connection = new Connection(file)
  connection.configure('normal')
  connection.exec('CREATE TABLE note (text TEXT UNIQUE)')
  clock = new ManualClock()
  rollbacks = 0
  queue = new WriteQueue(
    connection,
    { clock, random: () => 0.5, operationTimeoutMs: 1_000, file },
    () => (rollbacks += 1)
  )
})

afterEach(() => connection.close())

const insert = (text: string): void => void connection.prepare('INSERT INTO note VALUES (?)').run(text)
const notes = (): unknown[] => connection.prepare('SELECT text FROM note ORDER BY rowid').all().flat()

describe('the queue of writes', () => {
  test('writes that wait together share one commit, in their order', async () => {
    const commit = vi.spyOn(connection, 'commit')
    const answers = await Promise.all(['a', 'b', 'c'].map(text => queue.write(() => (insert(text), text))))
    expect(answers).toEqual(['a', 'b', 'c'])
    expect(notes()).toEqual(['a', 'b', 'c'])
    expect(commit).toHaveBeenCalledTimes(1)
  })

  test('callers that write in step share their commits', async () => {
    const commit = vi.spyOn(connection, 'commit')
    const caller = async (name: string): Promise<void> => {
      for (let turn = 0; turn < 5; turn++) await queue.write(() => insert(`${name}${turn}`))
    }
    await Promise.all(Array.from({ length: 10 }, (_, index) => caller(`caller ${index} `)))
    expect(notes()).toHaveLength(50)
    expect(commit).toHaveBeenCalledTimes(5)
  })

  test('a faulty write is rejected, and those beside it are written', async () => {
    const texts = ['a', 'b', 'a', 'c']
    const answers = await Promise.allSettled(texts.map(text => queue.write(() => insert(text))))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(notes()).toEqual(['a', 'b', 'c'])
    expect(rollbacks).toBe(2)
  })

  test('a write of its own shares its commit with no other, and is run once though its neighbours fail', async () => {
    const commit = vi.spyOn(connection, 'commit')
    let runs = 0
    const answers = await Promise.allSettled([
      queue.write(() => insert('a')),
      queue.write(() => insert('a')),
      queue.write(() => (insert('b'), (runs += 1)), 'once'),
      queue.write(() => insert('b'))
    ])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected'])
    expect(runs).toBe(1)
    expect(commit).toHaveBeenCalledTimes(2)
  })

  test('a write of its own that fails is not run again, nor are those before it', async () => {
    const runs = [0, 0]
    const answers = await Promise.allSettled([
      queue.write(() => (insert('a'), (runs[0]! += 1))),
      queue.write(() => ((runs[1]! += 1), insert('a')), 'once')
    ])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(runs).toEqual([1, 1])
  })

  test('a write of its own whose commit finds the file locked is not run again', async () => {
    const locked = Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR', errcode: 5 })
    vi.spyOn(connection, 'commit').mockImplementationOnce(() => {
      throw locked
    })
    let runs = 0
    const refusal = expect(queue.write(() => (insert('a'), (runs += 1)), 'once')).rejects.toMatchObject({
      code: 'store-busy'
    })
    await clock.advance(100)
    expect([runs, notes()]).toEqual([1, []])
    await refusal
  })

  test('the event loop turns between two transactions, however the writers hurry', async () => {
    let turns = 0
    let isDone = false
    const count = (): unknown => isDone || setImmediate(() => ((turns += 1), count()))
    count()
    for (let index = 0; index < 20; index++) await queue.write(() => insert(String(index)))
    isDone = true
    expect(turns).toBeGreaterThanOrEqual(19)
  })

  test('a transaction takes in no more writes after some milliseconds', async () => {
    const commit = vi.spyOn(connection, 'commit')
    const slowWrite = (text: string): Promise<void> =>
      queue.write(() => {
        insert(text)
        clock.set(clock.now() + 3)
      })
    await Promise.all(['a', 'b', 'c', 'd'].map(slowWrite))
    expect(notes()).toEqual(['a', 'b', 'c', 'd'])
    expect(commit).toHaveBeenCalledTimes(2)
  })

  test('a locked database is waited for in steps of 1 to 20 ms, until the deadline', async () => {
    const other = openDriver(file)
    other.exec('BEGIN IMMEDIATE')
    const early = queue.write(() => insert('early'))
    await clock.advance(600)
    const late = queue.write(() => insert('late'))
    const refusal = expect(early).rejects.toMatchObject({ code: 'store-busy' })
    await clock.advance(420)
    await refusal
    other.exec('COMMIT')
    other.close()
    await clock.advance(20)
    await late
    expect(notes()).toEqual(['late'])
  })

  test('after its end nothing is written any more', async () => {
    const waiting = queue.write(() => insert('a'))
    queue.close()
    await expect(waiting).rejects.toMatchObject({ code: 'store-unavailable' })
    await expect(queue.write(() => insert('b'))).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(notes()).toEqual([])
  })
})
