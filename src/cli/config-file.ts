import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EscapementError } from '../core/errors.ts'
import { applyDotEnv } from '../settings/dot-env.ts'
import { resolveSettings } from '../settings/resolve.ts'
import type { Asked } from '../settings/row.ts'
import { app } from '../settings/rows/app.ts'
import type { EscapementConfig, Settings } from '../settings/settings.ts'
import type { CommonOptions } from './command.ts'
import { configProblem } from './config-problem.ts'
import { isOfEscapement, WrongUse } from './failures.ts'

const CONFIG_NAMES = ['escapement.config.ts', 'escapement.config.mjs', 'escapement.config.js'] as const

export interface LoadedConfig {
  readonly config: EscapementConfig
  /** Undefined: there is no file, and the config is empty. */
  readonly path: string | undefined
  readonly settings: Settings
  /** The names of variables that `.env` set. */
  readonly dotEnv: readonly string[]
}

/** The settings that a command line may set. */
type ConfigOptions = CommonOptions & Asked<typeof app>

/**
 * The config of the working directory or of `--config`. Options override it. Then the environment is applied; real
 * variables override the `.env` of the working directory.
 */
export async function loadConfig(options: ConfigOptions): Promise<LoadedConfig> {
  const dotEnv = loadDotEnv()
  const path = findConfig(options.config)
  const found = path === undefined ? {} : await importConfig(path)
  const config: EscapementConfig = { ...found, ...Object.fromEntries(askedOf(options)) }
  return { config, path, dotEnv, settings: resolveSettings(config, process.env) }
}

/** The settings that the command line sets, as entries. */
function askedOf(options: ConfigOptions): [string, unknown][] {
  const asked = Object.keys(app).map((key): [string, unknown] => [key, options[key as keyof ConfigOptions]])
  return asked.filter(([key, value]) => 'option' in app[key as keyof typeof app] && value !== undefined)
}

/** Returns the names of the variables that it set. The config and its imports see them too. */
export function loadDotEnv(): readonly string[] {
  return existsSync('.env') ? applyDotEnv(readFileSync('.env', 'utf8'), process.env) : []
}

/** For commands that need the app's tasks and schedules. Throws if there is no config. */
export async function loadAppConfig(options: ConfigOptions): Promise<LoadedConfig> {
  if (findConfig(options.config) === undefined)
    throw new WrongUse(
      `There is no ${CONFIG_NAMES.join(', ')} in ${process.cwd()}; name the config with --config, or make an app with "escapement init".`
    )
  return loadConfig(options)
}

function findConfig(given: string | undefined): string | undefined {
  if (given === undefined) return CONFIG_NAMES.map(name => resolve(name)).find(path => existsSync(path))
  const path = resolve(given)
  if (!existsSync(path)) throw new WrongUse(`There is no config ${path}, which --config names.`)
  return path
}

async function importConfig(path: string): Promise<EscapementConfig> {
  const module = await importModule(path)
  if (!('default' in module))
    throw new EscapementError(
      'config-invalid',
      `The config ${path} has no default export; it takes "export default defineConfig({ … })".`
    )
  return module.default as EscapementConfig
}

async function importModule(path: string): Promise<object> {
  try {
    return (await import(pathToFileURL(path).href)) as object
  } catch (error) {
    if (isOfEscapement(error)) throw error
    throw configProblem(path, error)
  }
}
