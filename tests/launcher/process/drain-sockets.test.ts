import { EventEmitter, once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { HttpServers } from '../../../src/launcher/process/http-servers.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'

// Each test has a watcher of its own, and each of them hears of every socket.
EventEmitter.defaultMaxListeners = 100

const GRACE_MS = 10_000
const patient = new AbortController().signal

interface Stage {
  readonly clock: ManualClock
  readonly server: Server
  readonly watched: HttpServers
  /** What the server holds beside requests: upgraded sockets and tunnels. */
  readonly taken: Duplex[]
  readonly connection: () => Promise<Socket>
}

async function stage(listener: RequestListener = (_, response) => response.end('ok')): Promise<Stage> {
  const clock = new ManualClock()
  const watched = new HttpServers(() => undefined, clock)
  const server = createServer(listener)
  const taken: Duplex[] = []
  for (const event of ['upgrade', 'connect'] as const)
    server.on(event, (_request, socket: Duplex) => {
      taken.push(socket)
      socket.on('error', () => undefined).write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connection = async (): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined)
    onTestFinished(() => void socket.destroy())
    await Promise.all([once(socket, 'connect'), once(server, 'connection')])
    return socket
  }
  return { clock, server, watched, taken, connection }
}

const upgrade = 'GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const kinds: Readonly<Record<string, string>> = {
  'an upgraded socket': upgrade,
  'a tunnel': 'CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n',
  'a stream of events': 'GET /stream HTTP/1.1\r\nHost: x\r\n\r\n',
  'a request that is never answered': 'GET /never HTTP/1.1\r\nHost: x\r\n\r\n',
  'half of a request': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123'
}

/** Streams, stays silent, or waits for the body. */
const listener: RequestListener = (request, response) => {
  if (request.url === '/stream') response.write('data: 1\n\n')
  else if (request.url !== '/never') request.resume().on('end', () => response.end('ok'))
}

describe('at the end of the grace, and not before, is destroyed', () => {
  for (const hasSuccessor of [false, true])
    test.each(Object.entries(kinds))(`${hasSuccessor ? 'with' : 'without'} a successor: %s`, async (_, sent) => {
      const { clock, server, watched, connection } = await stage(listener)
      const socket = await connection()
      const begun = Promise.race(['request', 'upgrade', 'connect'].map(event => once(server, event)))
      socket.write(sent)
      await begun
      let isClosed = false
      const closed = once(socket.resume(), 'close').then(() => (isClosed = true))
      const drained = watched.drain(GRACE_MS, { hasSuccessor, hurry: patient })
      await clock.advance(GRACE_MS - 1)
      await new Promise(resolve => setImmediate(resolve))
      expect(isClosed).toBe(false)
      await clock.advance(1)
      await closed
      await drained
      expect(clock.pending).toBe(0)
    })

  test('also with haste: at once', async () => {
    const { server, watched, connection } = await stage()
    const socket = await connection()
    socket.write(upgrade)
    await once(server, 'upgrade')
    const hurry = new AbortController()
    const drained = watched.drain(GRACE_MS, { hasSuccessor: true, hurry: hurry.signal })
    hurry.abort()
    await Promise.all([drained, once(socket.resume(), 'close')])
  })
})

test('a connection on which nothing was asked is kept for a successor, and ends early when there is none', async () => {
  const { clock, watched, connection } = await stage()
  const socket = await connection()
  const closed = once(socket.resume(), 'close')
  const drained = watched.drain(GRACE_MS, { hasSuccessor: true, hurry: patient })
  await clock.advance(GRACE_MS / 2)
  expect(socket.closed).toBe(false)
  watched.closeIdle()
  await clock.advance(999)
  expect(socket.closed).toBe(false)
  await clock.advance(1)
  await Promise.all([drained, closed])
})

test('an idle connection that was kept for a successor ends at once when that is to end too', async () => {
  const { watched, connection } = await stage()
  const socket = await connection()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(socket, 'data')
  const drained = watched.drain(GRACE_MS, { hasSuccessor: true, hurry: patient })
  watched.closeIdle()
  await Promise.all([drained, once(socket.resume(), 'close')])
})

test('requests that were sent without waiting are all answered, and only the last answer says that it is the last', async () => {
  const answers: (() => void)[] = []
  const { watched, connection } = await stage((_, response) => void answers.push(() => response.end('ok')))
  const socket = await connection()
  socket.setEncoding('utf8')
  const ask = (): void => void socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  ask()
  ask()
  while (answers.length < 2) await new Promise(resolve => setImmediate(resolve))
  const drained = watched.drain(GRACE_MS, { hasSuccessor: true, hurry: patient })
  ask()
  while (answers.length < 3) await new Promise(resolve => setImmediate(resolve))
  let heard = ''
  socket.on('data', (text: string) => (heard += text))
  for (const answer of answers) answer()
  await once(socket, 'close')
  await drained
  const said = heard.split('HTTP/1.1 200 OK').slice(1)
  expect(said.map(answer => /^connection: (.+)\r$/im.exec(answer)?.[1])).toEqual(['keep-alive', 'keep-alive', 'close'])
})

test('a server that begins to listen while the process drains is closed', async () => {
  const { watched, server, connection, clock } = await stage()
  const socket = await connection()
  socket.write(upgrade)
  await once(server, 'upgrade')
  const drained = watched.drain(GRACE_MS, { hasSuccessor: false, hurry: patient })
  const late = createServer().listen(0, '127.0.0.1')
  await once(late, 'close')
  await clock.advance(GRACE_MS)
  await drained
})
