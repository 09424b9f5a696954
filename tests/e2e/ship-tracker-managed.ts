import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { bareEnvironment } from '../cli/run-cli.ts'
import { findProgram } from '../services/find-program.ts'
import { freePort } from '../services/ports.ts'
import { freshFolder } from './books-of-test.ts'

const root = join(import.meta.dirname, '../..')
const deploy = join(root, 'examples/ship-tracker/deploy')
const PM2 = 'pm2@7.0.4'

/** The ship tracker under a process manager: two web processes, and one that schedules and works. */
export interface Managed {
  readonly books: string
  readonly webPorts: readonly [number, number]
  readonly schedulerPort: number
  /** The pids of a program's processes, as the manager has them. */
  readonly pids: (program: 'ship-web' | 'ship-scheduler') => Promise<readonly number[]>
  readonly restart: (program: 'ship-web' | 'ship-scheduler') => Promise<void>
  /** Ends all in order. */
  readonly stop: () => Promise<void>
}

interface Place {
  readonly folder: string
  readonly webPort: number
  readonly schedulerPort: number
}

/** Web ports are two in a row, since a manager counts them up. */
async function place(): Promise<Place> {
  for (;;) {
    const [webPort, schedulerPort] = [await freePort(), await freePort()]
    const isNextFree = await fetch(`http://127.0.0.1:${webPort + 1}`).then(
      () => false,
      () => true
    )
    if (isNextFree && schedulerPort !== webPort + 1) return { folder: freshFolder(), webPort, schedulerPort }
  }
}

const settingsIn = (folder: string) => ({ DATABASE_URL: `sqlite:${join(folder, 'ships.db')}`, SHIP_EVERY: '2s' })

export async function underPm2(): Promise<Managed> {
  const { folder, webPort, schedulerPort } = await place()
  const home = join(root, '.toolchain/pm2')
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), '{"private":true}\n')
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', ['install', ...flags, PM2], { cwd: home, env: process.env })
  const env = {
    ...bareEnvironment,
    ...settingsIn(folder),
    PM2_HOME: join(folder, 'pm2'),
    WEB_PORT: String(webPort),
    SCHEDULER_PORT: String(schedulerPort)
  }
  const pm2 = (...args: string[]): Promise<string> =>
    run(process.execPath, [join(home, 'node_modules/pm2/bin/pm2'), '--silent', ...args], { cwd: root, env })
  const stop = async (): Promise<void> => void (await pm2('kill'))
  onTestFinished(stop)
  await pm2('start', join(deploy, 'pm2.config.cjs'))
  return {
    books: join(folder, 'ships.db'),
    webPorts: [webPort, webPort + 1],
    schedulerPort,
    pids: async program => {
      const listed = (await pm2('jlist')).split('\n').findLast(line => line.startsWith('['))!
      const all = JSON.parse(listed) as { name: string; pid: number }[]
      return all.filter(({ name }) => name === program).map(({ pid }) => pid)
    },
    restart: async program => void (await pm2('restart', program)),
    stop
  }
}

export async function underSupervisor(): Promise<Managed> {
  const { folder, webPort, schedulerPort } = await place()
  const file = join(folder, 'supervisord.conf')
  writeFileSync(file, `${supervisord(folder)}${programs(folder, webPort, schedulerPort)}`)
  const daemon = spawn(findProgram('supervisord')!, ['-c', file], { env: bareEnvironment, stdio: 'ignore' })
  const ended = new Promise(resolve => daemon.once('exit', resolve))
  const stop = async (): Promise<void> => {
    daemon.kill('SIGTERM')
    await ended
  }
  onTestFinished(stop)
  const control = (...args: string[]): string =>
    spawnSync(findProgram('supervisorctl')!, ['-c', file, ...args], { encoding: 'utf8' }).stdout
  const webs = [webPort, webPort + 1].map(port => `ship-web:ship-web_${port}`)
  const namesOf = (program: string): string[] => (program === 'ship-web' ? webs : ['ship-scheduler'])
  return {
    books: join(folder, 'ships.db'),
    webPorts: [webPort, webPort + 1],
    schedulerPort,
    pids: async program => namesOf(program).map(name => Number(control('pid', name).trim())),
    restart: async program => void control('restart', ...namesOf(program)),
    stop
  }
}

function supervisord(folder: string): string {
  const user = process.getuid?.() === 0 ? 'user=root' : ''
  return `[supervisord]\nnodaemon=true\n${user}\nlogfile=${folder}/supervisord.log\npidfile=${folder}/supervisord.pid
[unix_http_server]\nfile=${folder}/s.sock\n[supervisorctl]\nserverurl=unix://${folder}/s.sock
[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n`
}

function programs(folder: string, webPort: number, schedulerPort: number): string {
  const { DATABASE_URL, SHIP_EVERY } = settingsIn(folder)
  return readFileSync(join(deploy, 'supervisor/ship-tracker.conf'), 'utf8')
    .replaceAll('/usr/bin/node', process.execPath)
    .replaceAll('directory=/srv/ship-tracker', `directory=${root}`)
    .replaceAll('user=ship-tracker\n', '')
    .replaceAll('sqlite:/var/lib/ship-tracker/ships.db', DATABASE_URL)
    .replaceAll(/^environment=.*$/gm, line => `${line},SHIP_EVERY="${SHIP_EVERY}"`)
    .replaceAll(/^stopsignal=.*$/gm, line => `${line}\nstdout_logfile=NONE\nstderr_logfile=NONE`)
    .replace('numprocs_start=3001', `numprocs_start=${webPort}`)
    .replace('PORT="5002"', `PORT="${schedulerPort}"`)
}

function run(command: string, args: readonly string[], { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }) {
  return new Promise<string>((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
    child.once('error', reject)
    child.once('close', status =>
      status === 0 ? resolve(out) : reject(new Error(`${command} ${args.join(' ')} ended with ${status}: ${err}`))
    )
  })
}
