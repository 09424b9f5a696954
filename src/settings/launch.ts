import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { EscapementError } from '../core/errors.ts'
import { kindOf } from '../stores/store-kinds.ts'
import { readEnvironment } from './environment.ts'
import type { Settings, Topology } from './settings.ts'

/** What the command line asks of a start; it goes before code and environment. */
export interface LaunchAsked {
  readonly topology?: Topology
  readonly web?: number
  readonly workers?: number
  readonly schedulers?: number
  readonly host?: string
  readonly port?: number
  readonly maxRestarts?: number
}

/** A port, and whether somebody asked for just this one: otherwise any free one may stand in for it. */
export interface PortSetting {
  readonly number: number
  readonly isAsked: boolean
}

/** How `escapement start` starts processes. */
export interface LaunchSettings {
  readonly isProduction: boolean
  readonly topology: Topology
  readonly web: number
  readonly workers: number
  readonly schedulers: number
  readonly host: string
  readonly ports: { readonly web: PortSetting; readonly scheduler: PortSetting; readonly worker: PortSetting }
  /** So often in a row may a process end early before everything is given up. */
  readonly maxRestarts: number
  /** Absolute. */
  readonly runDirectory: string
}

export const RUN_DIRECTORY = '.escapement'

/** @throws EscapementError `config-invalid`: processes that the topology has no place for, or books that they can't share. */
export function resolveLaunch(
  settings: Pick<Settings, 'topology' | 'database'>,
  env: NodeJS.ProcessEnv,
  asked: LaunchAsked = {}
): LaunchSettings {
  const { topology, database } = settings
  const environment = readEnvironment(env)
  const { isProduction } = environment
  assertPlaces(topology, asked)
  assertShared(topology, database)
  const isSingle = topology === 'single'
  const workers = asked.workers ?? environment.workerProcesses ?? (topology === 'fleet' ? 1 : 0)
  return {
    isProduction,
    topology,
    web: isSingle ? 1 : (asked.web ?? environment.webProcesses ?? (isProduction ? availableParallelism() : 2)),
    workers: isSingle ? 0 : workers,
    schedulers: asked.schedulers ?? 1,
    host: asked.host ?? environment.host ?? (isProduction ? '0.0.0.0' : '127.0.0.1'),
    ports: {
      web: portOf(asked.port ?? environment.port, 3000),
      scheduler: portOf(environment.schedulerPort, 5002),
      worker: portOf(environment.workerPort, 0)
    },
    maxRestarts: asked.maxRestarts ?? (isProduction ? 10 : 4),
    runDirectory: resolve(environment.runDirectory ?? RUN_DIRECTORY)
  }
}

const portOf = (asked: number | undefined, fallback: number): PortSetting => ({
  number: asked ?? fallback,
  isAsked: asked !== undefined
})

function assertPlaces(topology: Topology, { web, workers, schedulers }: LaunchAsked): void {
  const wrong = (option: string, takes: string): EscapementError =>
    new EscapementError('config-invalid', `${option} has no place in the topology "${topology}"; it takes ${takes}.`)
  if (topology === 'single' && web !== undefined)
    throw wrong('--web', '"everywhere", "primary", "dedicated" or "fleet"')
  if (topology === 'single' && workers !== undefined)
    throw wrong('--workers', '"everywhere", "primary", "dedicated" or "fleet"')
  if (topology !== 'fleet' && schedulers !== undefined) throw wrong('--schedulers', '"fleet"')
}

/** Books that the others of the topology don't see would be a second ledger, in silence. */
function assertShared(topology: Topology, database: Settings['database']): void {
  const { reach, place } = kindOf(database)
  if (topology === 'single' || reach === 'network' || (reach === 'host' && topology !== 'fleet')) return
  const takes = topology === 'fleet' ? '"postgres://…", which all its hosts share' : '"sqlite:path" or "postgres://…"'
  const where = reach === 'process' ? `in ${place(database)}` : 'in a file of this host'
  throw new EscapementError(
    'config-invalid',
    `The topology "${topology}" is several processes, and the books are ${where}; it takes ${takes}.`
  )
}
