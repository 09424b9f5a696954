import { mostConnections } from './database-address.ts'
import type { LaunchAsked, LaunchSettings } from './launch.ts'
import type { EscapementConfig, Settings } from './settings.ts'
import type { VariableName } from './variables.ts'

/** A setting that holds, and what it follows from. */
export interface SettingRow {
  readonly setting: string
  readonly value: string | number | boolean | null
  /** An option such as "--web", "code", a variable, "PORT in .env", "default", "default in production". */
  readonly from: string
}

/** All that settings can follow from, and what they came to. */
export interface SettingSources {
  readonly config: EscapementConfig
  readonly asked: LaunchAsked & { readonly roles?: unknown; readonly database?: string; readonly grace?: number }
  readonly env: NodeJS.ProcessEnv
  /** The names of variables that `.env` set. */
  readonly dotEnv: readonly string[]
  readonly settings: Settings
  readonly launch: LaunchSettings
  /** The books as people write them, without a password. */
  readonly database: string
}

interface Spec {
  readonly setting: string
  readonly value: (sources: SettingSources) => SettingRow['value']
  readonly option?: keyof SettingSources['asked']
  readonly code?: (config: EscapementConfig) => unknown
  /** The first one that is set counts. */
  readonly variables?: readonly VariableName[]
  /** Development and production have different defaults. */
  readonly differs?: true
}

const milliseconds = (ms: number | null): string => (ms === null ? 'no limit' : `${ms} ms`)

const specs: readonly Spec[] = [
  {
    setting: 'mode',
    value: ({ launch }) => (launch.isProduction ? 'production' : 'development'),
    variables: ['NODE_ENV']
  },
  { setting: 'name', value: ({ settings }) => settings.name, code: ({ name }) => name },
  {
    setting: 'database',
    value: ({ database }) => database,
    option: 'database',
    code: ({ database }) => database,
    variables: ['ESCAPEMENT_DATABASE_URL', 'DATABASE_URL']
  },
  {
    setting: 'database schema',
    value: ({ settings: { database } }) => ('schema' in database ? database.schema : null),
    code: ({ postgres }) => postgres?.schema,
    variables: ['ESCAPEMENT_DATABASE_SCHEMA']
  },
  {
    setting: 'connections in each process',
    value: ({ settings }) => mostConnections(settings.database) ?? null,
    code: ({ postgres }) => postgres?.poolSize
  },
  {
    setting: 'topology',
    value: ({ settings }) => settings.topology,
    option: 'topology',
    code: ({ topology }) => topology,
    variables: ['ESCAPEMENT_TOPOLOGY']
  },
  {
    setting: 'web processes',
    value: ({ launch }) => launch.web,
    option: 'web',
    variables: ['WEB_CONCURRENCY'],
    differs: true
  },
  {
    setting: 'worker processes',
    value: ({ launch }) => launch.workers,
    option: 'workers',
    variables: ['WORKER_PROCESSES']
  },
  { setting: 'scheduler processes', value: ({ launch }) => launch.schedulers, option: 'schedulers' },
  { setting: 'host', value: ({ launch }) => launch.host, option: 'host', variables: ['HOST'], differs: true },
  { setting: 'web port', value: ({ launch }) => launch.ports.web.number, option: 'port', variables: ['PORT'] },
  { setting: 'scheduler port', value: ({ launch }) => launch.ports.scheduler.number, variables: ['SCHEDULER_PORT'] },
  { setting: 'worker port', value: ({ launch }) => launch.ports.worker.number, variables: ['WORKER_PORT'] },
  { setting: 'restarts in a row', value: ({ launch }) => launch.maxRestarts, option: 'maxRestarts', differs: true },
  { setting: 'API', value: ({ settings }) => settings.api.enabled, variables: ['SCHEDULER_API_ENABLED'] },
  {
    setting: 'API token',
    value: ({ settings }) => (settings.api.token === undefined ? null : '********'),
    variables: ['SCHEDULER_API_TOKEN']
  },
  {
    setting: 'release',
    value: ({ settings }) => settings.release,
    code: ({ release }) => release,
    variables: ['ESCAPEMENT_RELEASE']
  },
  { setting: 'orphans', value: ({ settings }) => settings.orphans, code: ({ orphans }) => orphans },
  {
    setting: 'time zone',
    value: ({ settings }) => settings.defaults.timezone ?? null,
    code: ({ defaults }) => defaults?.timezone,
    variables: ['SCHEDULER_TIMEZONE']
  },
  {
    setting: 'coalesce',
    value: ({ settings }) => settings.defaults.coalesce ?? null,
    code: ({ defaults }) => defaults?.coalesce,
    variables: ['SCHEDULER_COALESCE']
  },
  {
    setting: 'max instances',
    value: ({ settings }) => settings.defaults.maxInstances ?? null,
    code: ({ defaults }) => defaults?.maxInstances,
    variables: ['SCHEDULER_MAX_INSTANCES']
  },
  {
    setting: 'misfire grace',
    value: ({ settings }) => milliseconds(settings.defaults.misfireGraceMs ?? null),
    code: ({ defaults }) => defaults?.misfireGraceTime,
    variables: ['SCHEDULER_MISFIRE_GRACE_TIME']
  },
  {
    setting: 'concurrency',
    value: ({ settings }) => settings.concurrency,
    code: ({ worker }) => worker?.concurrency,
    variables: ['WORKER_CONCURRENCY']
  },
  {
    setting: 'worker interval',
    value: ({ settings }) => milliseconds(settings.lookEveryMs),
    code: ({ worker }) => worker?.interval,
    variables: ['WORKER_INTERVAL']
  },
  {
    setting: 'priority aging',
    value: ({ settings }) => milliseconds(settings.priorityAgingMs ?? null),
    code: ({ worker }) => worker?.priorityAging
  },
  {
    setting: 'shutdown grace',
    value: ({ settings, asked }) => milliseconds(asked.grace ?? settings.shutdownGraceMs),
    option: 'grace',
    code: ({ shutdownGrace }) => shutdownGrace
  },
  { setting: 'log level', value: ({ settings }) => settings.logLevel, variables: ['ESCAPEMENT_LOG_LEVEL'] },
  {
    setting: 'log stream',
    value: ({ settings }) => settings.logStream,
    variables: ['ESCAPEMENT_LOG_STREAM']
  },
  { setting: 'run directory', value: ({ launch }) => launch.runDirectory, variables: ['ESCAPEMENT_RUN_DIR'] }
]

/** Every setting of a start with its value and its source, roles first. Secrets are not in it. */
export function settingRows(sources: SettingSources): readonly SettingRow[] {
  const { roles, rolesFrom } = sources.settings
  const rolesRow = { setting: 'roles', value: roles.join(', '), from: sources.asked.roles ? '--roles' : rolesFrom }
  return [
    rolesRow,
    ...specs.map(spec => ({ setting: spec.setting, value: spec.value(sources), from: fromOf(spec, sources) }))
  ]
}

function fromOf(spec: Spec, { asked, config, env, dotEnv, launch }: SettingSources): string {
  const { option, code, variables = [], differs } = spec
  if (option !== undefined && asked[option] !== undefined)
    return `--${option.replace(/[A-Z]/, each => `-${each.toLowerCase()}`)}`
  if (code?.(config) !== undefined) return 'code'
  const variable = variables.find(name => (env[name] ?? '').trim() !== '')
  if (variable !== undefined) return dotEnv.includes(variable) ? `${variable} in .env` : variable
  if (differs === undefined) return 'default'
  return launch.isProduction ? 'default in production' : 'default in development'
}
