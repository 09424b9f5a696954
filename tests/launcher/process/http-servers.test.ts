import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { HttpServers } from '../../../src/launcher/process/http-servers.ts'

const LONG_MS = 60_000
const patient = new AbortController().signal
let requests = 0
// One for all tests: it hears of every server of the process, which is what it is for.
const servers = new HttpServers(() => requests++)

/** A server that answers at once, but for `/slow`, whose answers wait here. */
async function served(): Promise<{ server: Server; slow: ServerResponse[]; watched: HttpServers }> {
  const watched = new HttpServers(() => undefined)
  const slow: ServerResponse[] = []
  const server = createServer((request, response) =>
    request.url === '/slow' ? void slow.push(response) : response.end('ok')
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => server.closeAllConnections())
  return { server, slow, watched }
}

/** A connection that stays open as long as the server lets it. */
class Connection {
  readonly #socket: Socket
  readonly ended: Promise<unknown>
  #heard = ''

  constructor(server: Server) {
    this.#socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    this.#socket.setEncoding('utf8').on('data', (text: string) => (this.#heard += text))
    this.#socket.on('error', () => undefined)
    this.ended = once(this.#socket, 'close')
    onTestFinished(() => void this.#socket.destroy())
  }

  ask(path: string): void {
    this.#heard = ''
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
  }

  /** The next whole answer, in lower case. */
  async answer(): Promise<string> {
    while (!this.#heard.endsWith('ok') && !this.#heard.endsWith('0\r\n\r\n')) await once(this.#socket, 'data')
    return this.#heard.toLowerCase()
  }
}

test('requests are counted, of whichever server', async () => {
  const { server } = await served()
  expect(await servers.listening).toBeInstanceOf(Object)
  const before = requests
  const connection = new Connection(server)
  connection.ask('/')
  await connection.answer()
  connection.ask('/')
  await connection.answer()
  expect(requests - before).toBe(2)
})

test('with a successor a connection that is kept alive gets one more answer, which is its last', async () => {
  const { server, watched } = await served()
  const connection = new Connection(server)
  connection.ask('/')
  expect(await connection.answer()).not.toContain('connection: close')
  const drained = watched.drain(LONG_MS, { hasSuccessor: true, hurry: patient })
  expect(server.listening).toBe(false)
  connection.ask('/')
  expect(await connection.answer()).toContain('connection: close')
  await connection.ended
  await drained
})

test('with a successor an idle connection ends when the server would end it anyway', async () => {
  const { server, watched } = await served()
  server.keepAliveTimeout = 50
  const connection = new Connection(server)
  connection.ask('/')
  await connection.answer()
  await watched.drain(LONG_MS, { hasSuccessor: true, hurry: patient })
  await connection.ended
})

test('without one idle connections end at once, and a request that is under way is answered first', async () => {
  const { server, slow, watched } = await served()
  const [idle, busy] = [new Connection(server), new Connection(server)]
  idle.ask('/')
  await idle.answer()
  busy.ask('/slow')
  while (slow.length === 0) await new Promise(resolve => setImmediate(resolve))
  const drained = watched.drain(LONG_MS, { hasSuccessor: false, hurry: patient })
  await idle.ended
  slow[0]?.end('ok')
  expect(await busy.answer()).toContain('connection: close')
  await busy.ended
  await drained
})

test('what is still open after the grace, or when there is haste, is cut', async () => {
  for (const haste of ['grace', 'hurry'] as const) {
    const { server, slow, watched } = await served()
    const connection = new Connection(server)
    connection.ask('/slow')
    while (slow.length === 0) await new Promise(resolve => setImmediate(resolve))
    const hurry = new AbortController()
    const drained = watched.drain(haste === 'grace' ? 1 : LONG_MS, { hasSuccessor: true, hurry: hurry.signal })
    if (haste === 'hurry') hurry.abort()
    await drained
    await connection.ended
  }
})
