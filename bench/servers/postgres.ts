import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { ensurePrograms } from '../../scripts/apt.ts'
import { freePort, serverFolder, startServer, unprivileged } from './processes.ts'

/**
 * Beyond the defaults of PostgreSQL: memory as a server of this use has it, and room for the connections of four processes of
 * every contestant. Durability is the default, fsync and synchronous_commit on.
 */
const SETTINGS = ['listen_addresses=127.0.0.1', 'shared_buffers=512MB', 'max_connections=300']

export interface PostgresServer {
  /** The address of a database in it. */
  readonly url: (database: string) => string
  readonly end: () => Promise<void>
}

/** A PostgreSQL of the bench's own: newest version on the machine, empty, on a free port of the loopback. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPrograms()
  const folder = serverFolder('postgres')
  const data = join(folder, 'data')
  initialize(join(programs, 'initdb'), data, folder)
  const port = await freePort()
  const settings = SETTINGS.flatMap(setting => ['-c', setting])
  const server = startServer(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), '-k', folder, ...settings],
    folder
  )
  const url = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`
  await untilAnswering(url('postgres'), server.assertRunning)
  return { url, end: server.end }
}

function findPrograms(): string {
  const found = newestPrograms()
  if (found !== undefined) return found
  ensurePrograms([{ command: 'pg_createcluster', package: 'postgresql' }])
  const installed = newestPrograms()
  if (installed === undefined) throw new Error('the bench needs PostgreSQL, see above')
  return installed
}

/** Debian keeps each version in a folder of its own, off PATH; elsewhere they are on PATH. */
function newestPrograms(): string | undefined {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = versions.map(version => join(base, version, 'bin'))
  const path = (process.env['PATH'] ?? '').split(':')
  return [...folders, ...path].find(folder =>
    ['initdb', 'postgres'].every(program => existsSync(join(folder, program)))
  )
}

function initialize(initdb: string, data: string, folder: string): void {
  const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions']
  const { status, stderr, error } = spawnSync(...unprivileged(initdb, args), { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`)
}

async function untilAnswering(url: string, assertRunning: () => void): Promise<void> {
  for (;;) {
    const client = new Client(url)
    try {
      await client.connect()
      return await client.end()
    } catch {
      assertRunning()
      await sleep(25)
    }
  }
}
