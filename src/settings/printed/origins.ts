import { type Environment, readEnvironment } from '../environment.ts'
import type { LaunchSettings } from '../launch.ts'
import { type Asked, type Group, optionName, type ConfigOf } from '../row.ts'
import type { app } from '../rows/app.ts'
import type { launch } from '../rows/launch.ts'
import type { EscapementConfig, Settings } from '../settings.ts'
import { originOf, valuesOf } from '../values-of.ts'
import { kindOf } from '../../stores/store-kinds.ts'
import { groups, type NamedRow, table } from '../table.ts'

/** An effective setting and where it comes from. */
export interface SettingRow {
  /** As code names it, such as "worker.interval". */
  readonly setting: string
  readonly value: string | number | boolean | null
  /** An option such as "--web", "code", a variable, "PORT in .env", "default", "default in production". */
  readonly from: string
}

/** Everything that settings can come from, and the result. */
export interface SettingSources {
  readonly config: EscapementConfig
  readonly asked: Asked<typeof app> & Asked<typeof launch>
  readonly env: NodeJS.ProcessEnv
  /** The names of variables that `.env` set. */
  readonly dotEnv: readonly string[]
  readonly settings: Settings
  readonly launch: LaunchSettings
  /** The roles that the start carries. */
  readonly roles: Settings['roles']
  /** The books as people write them, without a password. */
  readonly database: string
}

/** Every setting of a start with its value and its source, without secrets. */
export function settingRows(sources: SettingSources): readonly SettingRow[] {
  const made = madeOf(sources)
  const environment = readEnvironment(sources.env)
  const values = new Map(Object.keys(groups).map(group => [group, groupValues(group, sources, environment)]))
  return table
    .filter(named => isShown(named, sources))
    .map(named => {
      const { name, group, key, row } = named
      const value = name in made ? made[name] : values.get(group)?.[`${key}${row.kind.unit}`]
      return { setting: name, value: shown(named, value), from: fromOf(named, sources, environment) }
    })
}

/** Values that are made of several settings, or are written for people. */
function madeOf({ settings, launch, roles, database }: SettingSources): Record<string, unknown> {
  const { coordination, lease } = settings
  return {
    roles: roles.join(', '),
    database,
    'lease.renewEvery': lease.renewEveryMs,
    'coordination.backend': coordination.backend,
    'coordination.renewEvery': coordination.renewEveryMs,
    'launch.web': launch.web,
    'launch.workers': launch.workers,
    'launch.runDirectory': launch.runDirectory
  }
}

function groupValues(
  group: string,
  { config, asked }: SettingSources,
  environment: Environment
): Record<string, unknown> {
  const rows: Group = groups[group as keyof typeof groups]
  return valuesOf(rows, { asked, code: codeOf(group, config), environment })
}

const codeOf = (group: string, config: EscapementConfig): ConfigOf<Group> | undefined =>
  group === 'app' ? config : (config as Record<string, ConfigOf<Group> | undefined>)[group]

/** Settings that only code can write, and those of another kind of database, are not shown. */
function isShown({ name, group, row }: NamedRow, { settings }: SettingSources): boolean {
  const isOfStores = group === 'sqlite' || group === 'postgres'
  const isRead = kindOf(settings.database).settings.some(read => read === group || read === name)
  return row.kind.show !== false && (!isOfStores || isRead)
}

function shown({ row: { kind, isSecret, defaultIs } }: NamedRow, value: unknown): SettingRow['value'] {
  if (value === undefined) return defaultIs ?? null
  if (isSecret) return '********'
  if (kind.unit === 'Ms') return `${Number(value)} ms`
  return kind.show ? kind.show(value) : (value as SettingRow['value'])
}

function fromOf({ name, group, key, row }: NamedRow, sources: SettingSources, environment: Environment): string {
  const { asked, config, dotEnv, settings, launch } = sources
  if (row.option !== undefined && asked[key as keyof typeof asked] !== undefined) return optionName(row)
  const from = name === 'roles' ? settings.rolesFrom : originOf(row, codeOf(group, config)?.[key], environment)
  if (dotEnv.includes(from)) return `${from} in .env`
  if (from !== 'default' || !row.differs) return from
  return launch.isProduction ? 'default in production' : 'default in development'
}
