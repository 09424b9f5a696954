import { freePort } from './ports.ts'
import { Program, programPath, servantFolder } from './program.ts'
import { removeFolder } from '../remove-folder.ts'

export interface RedisServer {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}

/** A Redis that keeps nothing on disk; `more` are settings of its own, as `--name value`. */
export async function startRedis(more: readonly string[] = []): Promise<RedisServer> {
  const folder = servantFolder('redis')
  const port = await freePort()
  const address = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
  const program = await Program.start(
    [programPath('redis-server'), ...address, '--save', '', '--appendonly', 'no', ...more],
    { folder, stopSignal: 'SIGTERM', readyWhen: /Ready to accept connections/ }
  )
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    stop: async () => {
      await program.stop()
      removeFolder(folder)
    }
  }
}
