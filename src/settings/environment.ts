import { EscapementError } from '../core/errors.ts'
import type { AnyRow } from './row.ts'
import { table } from './table.ts'

/** The parsed values of the variables that are set, by name. An empty or blank variable counts as not set. */
export type Environment = ReadonlyMap<string, unknown>

/**
 * Reads every variable of the table.
 *
 * @throws EscapementError `config-invalid` for a variable of the wrong form, also where code takes precedence.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const read = new Map<string, unknown>()
  for (const { row } of table)
    for (const [name, { fromText, earlier }] of Object.entries(row.variables ?? {})) {
      if (earlier !== undefined && (env[earlier]?.trim() ?? '') !== '') throw renamed(earlier, name, row)
      const text = env[name]?.trim() ?? ''
      if (text !== '') read.set(name, fromText?.(text, name) ?? row.kind.fromText(text, name))
    }
  return read
}

function renamed(earlier: string, name: string, { kind }: AnyRow): EscapementError {
  return new EscapementError('config-invalid', `${earlier} is now called ${name}; it takes ${kind.textTakes}.`)
}

/** The variable that decides a setting: the first of its variables that is set. */
export const decidingVariable = ({ variables = {} }: AnyRow, environment: Environment): string | undefined =>
  Object.keys(variables).find(name => environment.has(name))

/** Production and development differ in some defaults. */
export const isProduction = (environment: Environment): boolean => environment.get('NODE_ENV') === 'production'
