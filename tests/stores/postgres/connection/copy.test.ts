import { Client } from 'pg'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { copyIn } from '../../../../src/stores/postgres/connection/copy.ts'
import { execute, serverUrl } from '../server.ts'

const COPY = 'COPY ship (id, name) FROM STDIN'
let client: Client

beforeEach(async () => {
  client = new Client({ connectionString: serverUrl(), query_timeout: 60_000 })
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => client.end().catch(() => undefined))
  await client.query('CREATE TEMPORARY TABLE ship (id integer PRIMARY KEY, name text)')
})

const countShips = async (): Promise<unknown> => (await client.query('SELECT count(*)::integer FROM ship')).rows

function* lines(from: number, to: number): Generator<string> {
  for (let id = from; id < to; id++) yield `${id}\tZürich ${'.'.repeat(1_000)}\n`
}

test('lines arrive as they are, more of them than a socket takes at once', async () => {
  await copyIn(client, COPY, lines(0, 20_000))
  expect(await countShips()).toEqual([{ count: 20_000 }])
  expect((await client.query('SELECT length(name) FROM ship WHERE id = 7')).rows).toEqual([{ length: 1_007 }])
})

test('no lines at all are a copy too', async () => {
  await copyIn(client, COPY, [])
  expect(await countShips()).toEqual([{ count: 0 }])
})

test('a line that the server refuses fails the copy, and the connection is used on', async () => {
  await expect(copyIn(client, COPY, ['a\tAurora\n', ...lines(0, 20_000)])).rejects.toMatchObject({ code: '22P02' })
  expect(await countShips()).toEqual([{ count: 0 }])
})

test('a statement that the server refuses fails', async () => {
  await expect(copyIn(client, 'COPY no_such_table FROM STDIN', [])).rejects.toMatchObject({ code: '42P01' })
  expect(await countShips()).toEqual([{ count: 0 }])
})

test('lines that end in an error write nothing, and the connection is used on', async () => {
  function* failing(): Generator<string> {
    yield* lines(0, 10)
    throw new Error('fog')
  }
  await expect(copyIn(client, COPY, failing())).rejects.toThrow('fog')
  expect(await countShips()).toEqual([{ count: 0 }])
})

test('a connection that is lost midway fails the copy', async () => {
  const [{ pid } = { pid: 0 }] = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows
  let isCut: Promise<unknown> = Promise.resolve()
  function* cut(): Generator<string> {
    isCut = execute(`SELECT pg_terminate_backend(${pid})`)
    yield* lines(0, 1_000_000)
  }
  await expect(copyIn(client, COPY, cut())).rejects.toThrow()
  await isCut
})
