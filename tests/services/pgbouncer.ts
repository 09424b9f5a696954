import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import { postgresUrl } from './postgres.ts'
import { giveToServant, Program, programPath, servantFolder } from './program.ts'
import { removeFolder } from '../remove-folder.ts'

type PoolMode = 'transaction' | 'session' | 'statement'

export interface PgBouncer {
  /** Addresses of all databases of the server behind it; `pgbouncer` is its own console. */
  readonly url: (database?: string) => string
  stop(): Promise<void>
}

const configOf = (port: number, serverPort: number, mode: PoolMode): string => `
[databases]
* = host=127.0.0.1 port=${serverPort} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
admin_users = postgres
pool_mode = ${mode}
default_pool_size = 5
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
`

/** PgBouncer; in transaction mode each transaction may go to another connection of the few that it holds. */
export async function startPgBouncer(serverPort: number, mode: PoolMode = 'transaction'): Promise<PgBouncer> {
  const folder = servantFolder('pgbouncer')
  const port = await freePort()
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(file, configOf(port, serverPort, mode))
  giveToServant(file)
  const program = await Program.start([programPath('pgbouncer'), file], {
    folder,
    stopSignal: 'SIGTERM',
    readyWhen: /process up/
  })
  return {
    url: database => postgresUrl(port, database),
    stop: async () => {
      await program.stop()
      removeFolder(folder)
    }
  }
}
