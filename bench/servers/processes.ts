import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whom PostgreSQL runs as: it refuses root. The Debian package makes this user. */
const POSTGRES_USER = 'postgres'
const isRoot = process.getuid?.() === 0

const running = new Set<ChildProcess>()
const folders = new Set<string>()

// The servers must not outlive the bench, however it ends; `setpriv` sees to the ends that can't be heard of.
process.once('exit', () => {
  for (const server of running) server.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

/** A folder for a server's data. Not under /tmp if it can be helped, which may be memory, where nothing waits for a disk. */
export function serverFolder(name: string): string {
  const base = existsSync('/var/tmp') ? '/var/tmp' : tmpdir()
  const folder = mkdtempSync(join(base, `escapement-bench-${name}-`))
  folders.add(folder)
  if (isRoot) chownSync(folder, idOf('-u'), idOf('-g'))
  chmodSync(folder, 0o700)
  return folder
}

const idOf = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, POSTGRES_USER], { encoding: 'utf8' }))

/** The command as it is run by PostgreSQL's user. */
export function unprivileged(command: string, args: readonly string[]): [command: string, args: string[]] {
  if (!isRoot) return [command, [...args]]
  const identity = [`--reuid=${POSTGRES_USER}`, `--regid=${POSTGRES_USER}`, '--init-groups', '--reset-env']
  return ['setpriv', [...identity, '--pdeathsig=SIGINT', command, ...args]]
}

export interface Server {
  /** Throws what the server said, if it has ended. */
  readonly assertRunning: () => void
  readonly end: () => Promise<void>
}

/** Starts a server that stays in the foreground. What it says is kept, and told when it ends by itself. */
export function startServer(command: string, args: readonly string[], folder: string): Server {
  const server = spawn(...unprivileged(command, args), { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(server)
  let said = ''
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (part: Buffer) => {
      said = `${said}${part.toString()}`.slice(-4_000)
    })
  const hasEnded = (): boolean => server.exitCode !== null || server.signalCode !== null
  return {
    assertRunning: () => {
      if (hasEnded()) throw new Error(`${command} has ended:\n${said}`)
    },
    end: async () => {
      if (!hasEnded()) {
        const ended = once(server, 'exit')
        server.kill('SIGINT')
        await ended
      }
      running.delete(server)
      folders.delete(folder)
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** A TCP port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
