import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { findProgram } from '../services/find-program.ts'
import { freePort } from '../services/ports.ts'
import { bareEnvironment } from '../cli/run-cli.ts'
import { freshFolder } from './books-of-test.ts'

const root = join(import.meta.dirname, '../..')
const token = 'a-token-of-the-deployment'
const read = (path: string): string => readFileSync(join(root, 'deploy', path), 'utf8')

const config = `
import { defineConfig, every, schedule, task } from 'escapement'
const tick = task('tick', { handler: () => 'done' })
export default defineConfig({
  schedules: [schedule('second', { task: tick, trigger: every('1s') })],
  web: (request, response) => response.end(JSON.stringify({
    pid: process.pid, path: request.url, forwarded: request.headers['x-forwarded-host'], proto: request.headers['x-forwarded-proto']
  }))
})
`

/** The dedicated topology as deploy/ has it: Supervisor, its two programs, and nginx before them, in a folder of their own. */
export class Deployed {
  readonly folder: string
  readonly books: string
  url = ''

  private constructor() {
    this.folder = freshFolder()
    this.books = join(this.folder, 'books.db')
  }

  static async start(): Promise<Deployed> {
    const deployed = new Deployed()
    const [web, scheduler, proxy] = [await freePort(), await freePort(), await freePort()] as const
    deployed.#writeApp()
    deployed.#supervise(web, scheduler)
    deployed.#proxy({ web, scheduler, proxy })
    deployed.url = `http://127.0.0.1:${proxy}`
    return deployed
  }

  /** Asks until the answer is what is wanted: these processes are not ours to hear. */
  async until<T>(path: string, isWanted: (body: T) => boolean): Promise<T> {
    for (;;) {
      const body = await this.get<T>(path).catch(() => undefined)
      if (body !== undefined && isWanted(body)) return body
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  async ask(path: string): Promise<Response> {
    const headers = { authorization: `Bearer ${token}` }
    return fetch(this.url + path, { headers, signal: AbortSignal.timeout(5_000), redirect: 'manual' })
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.ask(path)
    if (!response.ok) throw new Error(`${path} answered ${response.status}`)
    return (await response.json()) as T
  }

  /** The pid of a program's master, as Supervisor has it; 0 while there is none. */
  master(program: string): number {
    const { stdout } = spawnSync(
      findProgram('supervisorctl')!,
      ['-c', join(this.folder, 'supervisord.conf'), 'pid', program],
      { encoding: 'utf8' }
    )
    return Number(stdout.trim()) || 0
  }

  #writeApp(): void {
    mkdirSync(join(this.folder, 'node_modules'))
    symlinkSync(root, join(this.folder, 'node_modules/escapement'))
    writeFileSync(join(this.folder, 'escapement.config.mjs'), config)
  }

  #supervise(web: number, scheduler: number): void {
    const { folder, books } = this
    const own = `,DATABASE_URL="sqlite:${books}",ESCAPEMENT_RUN_DIR="${folder}/run",SCHEDULER_API_TOKEN="${token}"`
    const programs = read('supervisor/escapement.conf')
      .replaceAll('/usr/bin/node', process.execPath)
      .replaceAll('directory=/srv/app', `directory=${folder}`)
      .replaceAll('user=app\n', '')
      .replaceAll('/var/log/supervisor', folder)
      .replaceAll(/^environment=.*$/gm, line => line + own)
      .replace('PORT="3000"', `PORT="${web}"`)
      .replace('SCHEDULER_PORT="5002"', `SCHEDULER_PORT="${scheduler}"`)
    const user = process.getuid?.() === 0 ? 'user=root' : ''
    const common = `[supervisord]\nnodaemon=true\n${user}\nlogfile=${folder}/supervisord.log\npidfile=${folder}/supervisord.pid
[unix_http_server]\nfile=${folder}/s.sock\n[supervisorctl]\nserverurl=unix://${folder}/s.sock
[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n`
    writeFileSync(join(folder, 'supervisord.conf'), `${common}${programs}`)
    runUntilTestEnds('supervisord', ['-c', join(folder, 'supervisord.conf')])
  }

  #proxy({ web, scheduler, proxy }: { web: number; scheduler: number; proxy: number }): void {
    const site = read('nginx/escapement.conf')
      .replace('127.0.0.1:3000', `127.0.0.1:${web}`)
      .replace('127.0.0.1:5002', `127.0.0.1:${scheduler}`)
      .replace('listen 80', `listen 127.0.0.1:${proxy}`)
    const folder = join(this.folder, 'nginx')
    mkdirSync(folder)
    const user = process.getuid?.() === 0 ? 'user root;' : ''
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(each => `${each}_temp_path ${each};`)
    const main = `${user} daemon off; pid nginx.pid; error_log stderr; events {} http { access_log off; ${temporary.join(' ')}\n${site}\n}`
    writeFileSync(join(folder, 'nginx.conf'), main)
    runUntilTestEnds('nginx', ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf'])
  }
}

/** Ended in order at the end of the test, and waited for: what it started ends with it. */
function runUntilTestEnds(name: string, args: readonly string[]): void {
  const program = findProgram(name)
  if (program === undefined) throw new Error(`The program "${name}" is missing; "npm test" installs it where it may.`)
  const child: ChildProcess = spawn(program, args, { env: bareEnvironment, stdio: 'ignore' })
  const ended = new Promise(resolve => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
}
