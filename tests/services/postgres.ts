import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import { giveToServant, Program, runAsServant, servantFolder, servantProgram } from './program.ts'
import { removeFolder } from '../remove-folder.ts'

/** Nothing of the tests has to survive a power cut. */
const settings = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
  log_min_messages: 'log',
  lc_messages: 'C',
  deadlock_timeout: '50ms'
}

export interface PostgresServer {
  readonly port: number
  /** Its data lies in it. */
  readonly folder: string
  /** The address of one of its databases, for the superuser, who needs no password. */
  readonly url: (database?: string) => string
  /** `immediate` is a crash as far as the clients can tell; the data stays for the next start. */
  stop(how?: 'fast' | 'immediate'): Promise<void>
  start(): Promise<void>
  /** Stops it, and takes its data away. */
  remove(): Promise<void>
}

export function postgresUrl(port: number, database = 'postgres'): string {
  if (port === 0) throw new Error('PostgreSQL is not installed here; "npm test" installs it where it may.')
  return `postgres://postgres@127.0.0.1:${port}/${database}`
}

/** A PostgreSQL with one empty cluster; `more` goes before the settings above. */
export async function startPostgres(more: Settings = {}): Promise<PostgresServer> {
  const folder = servantFolder('postgres')
  const making = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  runAsServant([servantProgram('initdb'), `--pgdata=${dataIn(folder)}`, '--no-instructions', ...making], folder)
  return serve(folder, more)
}

/**
 * A copy of the server that follows it, and can be read only, until it is promoted. The server is stopped meanwhile, so
 * that a copy of its files is enough: `pg_basebackup` has to be of the server's version.
 */
export async function startStandby(primary: PostgresServer): Promise<PostgresServer> {
  const folder = servantFolder('standby')
  await primary.stop()
  runAsServant(['cp', '-a', dataIn(primary.folder), dataIn(folder)], folder)
  await primary.start()
  const signal = join(dataIn(folder), 'standby.signal')
  writeFileSync(signal, '')
  giveToServant(signal)
  return serve(folder, { primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres` })
}

type Settings = Readonly<Record<string, string>>

const dataIn = (folder: string): string => join(folder, 'data')

async function serve(folder: string, more: Settings = {}): Promise<PostgresServer> {
  const port = await freePort()
  const chosen = Object.entries({ ...settings, ...more }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const command = [servantProgram('postgres'), '-D', dataIn(folder), '-p', String(port), '-k', folder, ...chosen]
  const start = (): Promise<Program> =>
    Program.start(command, { folder, stopSignal: 'SIGINT', readyWhen: /ready to accept (read-only )?connections/ })
  let program = await start()
  return {
    port,
    folder,
    url: database => postgresUrl(port, database),
    stop: (how = 'fast') => program.stop(how === 'fast' ? 'SIGINT' : 'SIGQUIT'),
    start: async () => {
      program = await start()
    },
    remove: async () => {
      await program.stop('SIGINT')
      removeFolder(folder)
    }
  }
}
