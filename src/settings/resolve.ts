import { asLogger } from '../core/app-logger.ts'
import type { Schedule, ScheduleDefaults } from '../core/schedule/declare.ts'
import { EscapementError } from '../core/errors.ts'
import type { AnyTask } from '../core/job/task.ts'
import { type DatabaseAddress, kindOf } from '../stores/store-kinds.ts'
import { checkConfig } from './check-config.ts'
import { coordinationOf } from './coordination.ts'
import { parseDatabase } from './database-address.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { renewalTimes } from './renewal-times.ts'
import { rolesIn } from './kinds/roles.ts'
import { alerts } from './rows/alerts.ts'
import { app } from './rows/app.ts'
import { postgres, retention, sqlite } from './rows/books.ts'
import { lease } from './rows/holding.ts'
import { defaults } from './rows/schedules.ts'
import { api, log } from './rows/surroundings.ts'
import { worker } from './rows/worker.ts'
import type { EscapementConfig, Settings } from './settings.ts'
import { originOf, valuesOf } from './values-of.ts'

/**
 * Checks a configuration, applies the environment to what it leaves open, and fills in the defaults. Code takes
 * precedence over the environment, the environment over the defaults.
 *
 * @throws EscapementError `config-invalid`, `task-invalid` or `schedule-invalid` when two have one name or id.
 */
export function resolveSettings(config: EscapementConfig, env: NodeJS.ProcessEnv): Settings {
  checkConfig(config)
  const environment = readEnvironment(env)
  const {
    tasks,
    schedules,
    roles,
    database,
    logger,
    web: _web,
    setup: _setup,
    ...plain
  } = valuesOf(app, {
    code: config,
    environment
  })
  const address = databaseOf(database, config, environment)
  const topologyFrom = originOf(app.topology, config.topology, environment)
  const rolesFrom = originOf(app.roles, config.roles, environment)
  return {
    ...plain,
    ...deliverables(tasks, schedules),
    roles: roles ?? rolesIn(plain.topology),
    rolesFrom: roles === undefined && topologyFrom !== 'default' ? 'topology' : rolesFrom,
    topologyFrom,
    database: address,
    logger: logger === undefined || logger === false ? logger : asLogger(logger),
    defaults: scheduleDefaults(config, environment),
    worker: valuesOf(worker, { code: config.worker, environment }),
    lease: renewalTimes(valuesOf(lease, { code: config.lease, environment }), 'lease'),
    coordination: coordinationOf({
      code: config.coordination,
      environment,
      hasLockFile: kindOf(address).lockPath !== undefined
    }),
    retention: valuesOf(retention, { code: config.retention, environment }),
    sqlite: valuesOf(sqlite, { code: config.sqlite, environment }),
    alerts: valuesOf(alerts, { code: config.alerts, environment }),
    api: valuesOf(api, { environment }),
    log: valuesOf(log, { environment })
  }
}

function databaseOf(url: string, config: EscapementConfig, environment: Environment): DatabaseAddress {
  const from = originOf(app.database, config.database, environment)
  const setting = from === 'code' ? '"database"' : from === 'default' ? 'The default' : from
  const { schema, poolSize, listenUrl } = valuesOf(postgres, { code: config.postgres, environment })
  return parseDatabase(url, { setting, schema, poolSize, listenUrl })
}

function scheduleDefaults(config: EscapementConfig, environment: Environment): ScheduleDefaults {
  const { misfireGraceMs, timezone, coalesce, maxInstances } = valuesOf(defaults, {
    code: config.defaults,
    environment
  })
  return { timezone, misfireGraceMs: misfireGraceMs ?? null, coalesce, maxInstances }
}

/** A task that only a schedule names is included: otherwise its jobs would be created and never run. */
function deliverables(
  given: readonly AnyTask[] = [],
  schedules: readonly Schedule[] = []
): { tasks: readonly AnyTask[]; schedules: readonly Schedule[] } {
  const tasks = new Map<string, AnyTask>()
  for (const task of [...given, ...schedules.map(schedule => schedule.task)]) {
    if ((tasks.get(task.name) ?? task) !== task)
      throw new EscapementError(
        'task-invalid',
        `Two tasks have the name ${JSON.stringify(task.name)}; each task takes its own.`
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
        `Two schedules have the id ${JSON.stringify(id)}; each schedule takes its own.`
      )
    ids.add(id)
  }
}
