import { asLogger } from '../core/app-logger.ts'
import type { Schedule } from '../core/declare.ts'
import { durationMs } from '../core/duration.ts'
import { EscapementError } from '../core/errors.ts'
import { NAMELESS } from '../core/owners.ts'
import type { AnyTask } from '../core/task.ts'
import { type DatabaseAddress, kindOf } from '../stores/store-kinds.ts'
import { checkConfig } from './check-config.ts'
import { coordinationOf } from './coordination.ts'
import { parseDatabase } from './database-address.ts'
import { type EnvironmentSettings, readEnvironment } from './environment.ts'
import { renewalTimes } from './renewal-times.ts'
import { chooseRoles } from './roles.ts'
import type { EscapementConfig, Settings } from './settings.ts'

/**
 * Checks a configuration, applies the environment to what it leaves open, and fills in the defaults: code goes before
 * the environment, the environment before the defaults.
 *
 * @throws EscapementError `config-invalid`, `task-invalid` or `schedule-invalid` when two bear one name or id.
 */
export function resolveSettings(config: EscapementConfig, env: NodeJS.ProcessEnv): Settings {
  checkConfig(config)
  const environment = readEnvironment(env)
  const database = databaseOf(config, environment)
  return {
    name: config.name ?? NAMELESS,
    ...deliverables(config),
    ...chooseRoles({
      code: config.roles,
      environment: environment.roles,
      enableScheduler: environment.enableScheduler,
      topology: config.topology ?? environment.topology
    }),
    ...chosenTopology(config, environment),
    api: { enabled: environment.apiEnabled ?? true, token: environment.apiToken },
    ...leaseTimes(config),
    database,
    coordination: coordinationOf({
      code: config.coordination,
      environment,
      hasLockFile: kindOf(database).lockPath !== undefined
    }),
    release: config.release ?? environment.release ?? 0,
    orphans: config.orphans ?? 'keep',
    defaults: scheduleDefaults(config, environment),
    concurrency: config.worker?.concurrency ?? environment.concurrency ?? 10,
    queues: config.worker?.queues,
    lookEveryMs: lookEveryMs(config, environment),
    priorityAgingMs: config.worker?.priorityAging === undefined ? undefined : durationMs(config.worker.priorityAging),
    shutdownGraceMs: durationMs(config.shutdownGrace ?? '10s'),
    abortGraceMs: durationMs(config.abortGrace ?? '5s'),
    ledgerRetentionMs: durationMs(config.retention?.ledger ?? '90d'),
    unsuccessfulRetentionMs: durationMs(config.retention?.unsuccessful ?? '30d'),
    synchronous: config.sqlite?.synchronous ?? 'normal',
    logger: config.logger === undefined || config.logger === false ? config.logger : asLogger(config.logger),
    logLevel: environment.logLevel ?? 'info',
    logStream: environment.logStream ?? 'stderr'
  }
}

function databaseOf(config: EscapementConfig, environment: EnvironmentSettings): DatabaseAddress {
  const { url, variable } = environment.database ?? { url: 'sqlite:escapement.db', variable: 'The default' }
  const { schema = environment.schema ?? 'escapement', poolSize = 5, listenUrl } = config.postgres ?? {}
  const more = { schema, poolSize, listenUrl }
  if (config.database === undefined) return parseDatabase(url, { setting: variable, ...more })
  return parseDatabase(config.database, { setting: '"database"', ...more })
}

function chosenTopology(
  config: EscapementConfig,
  environment: EnvironmentSettings
): Pick<Settings, 'topology' | 'topologyFrom'> {
  if (config.topology !== undefined) return { topology: config.topology, topologyFrom: 'code' }
  if (environment.topology === undefined) return { topology: 'single', topologyFrom: 'default' }
  return { topology: environment.topology, topologyFrom: 'ESCAPEMENT_TOPOLOGY' }
}

const DEFAULT_LOOK_MS = 1_000

function lookEveryMs({ worker }: EscapementConfig, environment: EnvironmentSettings): number {
  return worker?.interval === undefined ? (environment.lookEveryMs ?? DEFAULT_LOOK_MS) : durationMs(worker.interval)
}

function scheduleDefaults({ defaults = {} }: EscapementConfig, environment: EnvironmentSettings): Settings['defaults'] {
  const graceMs =
    defaults.misfireGraceTime === undefined ? environment.misfireGraceMs : durationMs(defaults.misfireGraceTime)
  return {
    timezone: defaults.timezone ?? environment.timezone ?? 'UTC',
    misfireGraceMs: graceMs ?? null,
    coalesce: defaults.coalesce ?? environment.coalesce ?? 'latest',
    maxInstances: defaults.maxInstances ?? environment.maxInstances ?? 1
  }
}

function leaseTimes({ lease = {} }: EscapementConfig): Pick<Settings, 'leaseTtlMs' | 'renewEveryMs'> {
  const { ttlMs, renewEveryMs } = renewalTimes(lease, 'lease')
  return { leaseTtlMs: ttlMs, renewEveryMs }
}

/** A task that only a schedule names is known all the same: otherwise its jobs would be born and never run. */
function deliverables(config: EscapementConfig): { tasks: readonly AnyTask[]; schedules: readonly Schedule[] } {
  const schedules = config.schedules ?? []
  const tasks = new Map<string, AnyTask>()
  for (const task of [...(config.tasks ?? []), ...schedules.map(schedule => schedule.task)]) {
    if ((tasks.get(task.name) ?? task) !== task)
      throw new EscapementError(
        'task-invalid',
        `Two tasks bear the name ${JSON.stringify(task.name)}; each task takes its own.`
      )
    tasks.set(task.name, task)
  }
  assertDistinct(schedules)
  return { tasks: [...tasks.values()], schedules }
}

function assertDistinct(schedules: readonly Schedule[]): void {
  const ids = new Set<string>()
  for (const { id } of schedules) {
    if (ids.has(id))
      throw new EscapementError(
        'schedule-invalid',
        `Two schedules bear the id ${JSON.stringify(id)}; each schedule takes its own.`
      )
    ids.add(id)
  }
}
