import { resolve } from 'node:path'
import type { Option } from 'commander'
import type { AppOptions } from '../launcher/protocol.ts'
import { parseRoles } from '../settings/roles.ts'
import { type Role, topologies, type Topology } from '../settings/settings.ts'
import { parseDuration, wholeNumber } from './arguments.ts'
import { choiceOption, option } from './command.ts'

const MOST_PROCESSES = 1_000
const MOST_REQUESTS = 1_000_000_000

/** What both `start` and `dev` take. */
export interface StartOptions {
  readonly topology?: Topology
  readonly web?: number
  readonly workers?: number
  readonly schedulers?: number
  readonly port?: number
  readonly host?: string
  readonly app?: string
  readonly roles?: Role[]
  readonly grace?: number
  readonly config?: string
  readonly database?: string
  readonly readyTimeout?: number
  readonly prefix: boolean
}

export const DEFAULT_READY_MS = 30_000

export const startOptions = (): Option[] => [
  choiceOption(
    '--topology <name>',
    'how the work is spread over processes (default: the config, else single)',
    topologies
  ),
  option('--web <count>', 'web processes (default: WEB_CONCURRENCY)', wholeNumber(0, MOST_PROCESSES)),
  option(
    '--workers <count>',
    'processes that only run jobs (default: WORKER_PROCESSES)',
    wholeNumber(0, MOST_PROCESSES)
  ),
  option(
    '--schedulers <count>',
    'scheduler processes of a fleet on this host (default: 1)',
    wholeNumber(0, MOST_PROCESSES)
  ),
  option('--port <number>', 'the port of the web processes (default: PORT, else 3000)', wholeNumber(0, 65_535)),
  option('--host <address>', 'where the web processes listen (default: HOST)'),
  option('--app <module>', 'what the web processes serve, in place of "web" of the config'),
  option('--roles <list>', 'web, scheduler, worker: what of the topology runs here', text =>
    parseRoles(text, '--roles')
  ),
  option(
    '--grace <duration>',
    'how long requests and handlers may take to end (default: shutdownGrace)',
    parseDuration
  ),
  option('--ready-timeout <duration>', 'how long a process may take until it is ready (default: 30s)', parseDuration),
  option('--no-prefix', "don't put its name before each line that a process writes")
]

export const restartOptions = (): Option[] => [
  option(
    '--max-requests <count>',
    'replace a web process after so many requests, and up to a tenth more (default: never)',
    wholeNumber(0, MOST_REQUESTS)
  ),
  option(
    '--max-restarts <count>',
    'give up when a process has ended early so often in a row (default: 4, in production 10)',
    wholeNumber(0, 1_000)
  )
]

/** What the processes need of them to load the app as it was asked for. */
export function appOptions(given: StartOptions & { readonly maxRestarts?: number }): AppOptions {
  const { topology, web, workers, schedulers, port, host, app, roles, grace, config, database, maxRestarts } = given
  const asked = { topology, web, workers, schedulers, port, host, roles, grace, config, database, maxRestarts }
  const kept = Object.entries({ ...asked, app: app === undefined ? undefined : resolve(app) })
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined))
}
