import { resolve } from 'node:path'
import { EscapementError } from '../core/errors.ts'
import { kindOf } from '../stores/store-kinds.ts'
import { decidingVariable, readEnvironment } from './environment.ts'
import type { Asked } from './row.ts'
import { launch } from './rows/launch.ts'
import type { Settings } from './settings.ts'
import { valuesOf } from './values-of.ts'
import type { Topology } from './kinds/topologies.ts'

/** What the command line asks for. It takes precedence over code and environment. */
export type LaunchAsked = Asked<typeof launch>

/** A port. If nobody asked for exactly this one, any free port may replace it. */
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
  /** How many times in a row a process may end early before the launcher gives up. */
  readonly maxRestarts: number
  /** Absolute. */
  readonly runDirectory: string
}

/**
 * @throws EscapementError `config-invalid` for processes that the topology has no place for, or for books that they
 * can't share.
 */
export function resolveLaunch(
  { topology, database }: Pick<Settings, 'topology' | 'database'>,
  env: NodeJS.ProcessEnv,
  asked: LaunchAsked = {}
): LaunchSettings {
  const environment = readEnvironment(env)
  assertProcessesFit(topology, asked)
  assertShared(topology, database)
  const { mode, web, workers, schedulers, host, port, schedulerPort, workerPort, maxRestarts, runDirectory } = valuesOf(
    launch,
    {
      asked,
      environment
    }
  )
  const isSet = (key: keyof typeof launch): boolean => decidingVariable(launch[key], environment) !== undefined
  const isSingle = topology === 'single'
  return {
    isProduction: mode === 'production',
    topology,
    web: isSingle ? 1 : web,
    workers: isSingle ? 0 : (workers ?? (topology === 'fleet' ? 1 : 0)),
    schedulers,
    host,
    ports: {
      web: { number: port, isAsked: asked.port !== undefined || isSet('port') },
      scheduler: { number: schedulerPort, isAsked: isSet('schedulerPort') },
      worker: { number: workerPort, isAsked: isSet('workerPort') }
    },
    maxRestarts,
    runDirectory: resolve(runDirectory)
  }
}

/** The absolute path of the folder in which running masters register themselves. */
export const runDirectoryIn = (env: NodeJS.ProcessEnv): string =>
  resolve(valuesOf(launch, { environment: readEnvironment(env) }).runDirectory)

function assertProcessesFit(topology: Topology, { web, workers, schedulers }: LaunchAsked): void {
  const wrong = (option: string, takes: string): EscapementError =>
    new EscapementError('config-invalid', `${option} has no place in the topology "${topology}"; it takes ${takes}.`)
  if (topology === 'single' && web !== undefined)
    throw wrong('--web', '"everywhere", "primary", "dedicated" or "fleet"')
  if (topology === 'single' && workers !== undefined)
    throw wrong('--workers', '"everywhere", "primary", "dedicated" or "fleet"')
  if (topology !== 'fleet' && schedulers !== undefined) throw wrong('--schedulers', '"fleet"')
}

/** Books that the other processes don't see would silently become a second ledger. */
function assertShared(topology: Topology, database: Settings['database']): void {
  const { reach, location } = kindOf(database)
  if (topology === 'single' || reach === 'network' || (reach === 'host' && topology !== 'fleet')) return
  const takes = topology === 'fleet' ? '"postgres://…", which all its hosts share' : '"sqlite:path" or "postgres://…"'
  const where = reach === 'process' ? `in ${location(database)}` : 'in a file of this host'
  throw new EscapementError(
    'config-invalid',
    `The topology "${topology}" has several processes, but the books are ${where}; it takes ${takes}.`
  )
}
