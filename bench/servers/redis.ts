import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensurePrograms } from '../../scripts/apt.ts'
import { freePort, serverFolder, startServer } from './processes.ts'

export interface RedisServer {
  readonly url: string
  readonly end: () => Promise<void>
}

/** A Redis of the bench's own, on a free port of the loopback, without persistence: the fastest that it can be. */
export async function startRedis(): Promise<RedisServer> {
  if (ensurePrograms([{ command: 'redis-server', package: 'redis-server' }]).missing.length > 0)
    throw new Error('the bench needs Redis, see above')
  const folder = serverFolder('redis')
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const server = startServer('redis-server', args, folder)
  await untilListening(port, server.assertRunning)
  return { url: `redis://127.0.0.1:${port}`, end: server.end }
}

async function untilListening(port: number, assertRunning: () => void): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return
    } catch {
      assertRunning()
      await sleep(25)
    } finally {
      socket.destroy()
    }
  }
}
