import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EscapementError } from '../core/errors.ts'
import { resolveSettings } from '../settings/resolve.ts'
import type { EscapementConfig, Settings } from '../settings/settings.ts'
import type { CommonOptions } from './command.ts'
import { configProblem } from './config-problem.ts'
import { isOfEscapement, WrongUse } from './failures.ts'

const CONFIG_NAMES = ['escapement.config.ts', 'escapement.config.mjs', 'escapement.config.js'] as const

export interface LoadedConfig {
  readonly config: EscapementConfig
  /** Undefined: there is none, and the config is an empty one. */
  readonly path: string | undefined
  readonly settings: Settings
}

/** The config of the working directory or of `--config`, with `--database` before what it says, and the environment applied. */
export async function loadConfig(options: CommonOptions): Promise<LoadedConfig> {
  const path = findConfig(options.config)
  const found = path === undefined ? {} : await importConfig(path)
  const config = options.database === undefined ? found : { ...found, database: options.database }
  return { config, path, settings: resolveSettings(config, process.env) }
}

/** For commands that need the app's tasks and schedules. */
export async function loadAppConfig(options: CommonOptions): Promise<LoadedConfig> {
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
