import type { AnyRow } from './row.ts'
import { table } from './table.ts'

/** What the variables that are set come to, by their names. One that is empty or blank counts as not set. */
export type Environment = ReadonlyMap<string, unknown>

/**
 * Reads every variable of the table.
 *
 * @throws EscapementError `config-invalid` for one that is not taken, also where code goes before it.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const read = new Map<string, unknown>()
  for (const { row } of table)
    for (const [name, { fromText }] of Object.entries(row.variables ?? {})) {
      const text = env[name]?.trim() ?? ''
      if (text !== '') read.set(name, fromText?.(text, name) ?? row.kind.fromText(text, name))
    }
  return read
}

/** The variable that decides a setting, since it is the first of its own that is set. */
export const decidingVariable = ({ variables = {} }: AnyRow, environment: Environment): string | undefined =>
  Object.keys(variables).find(name => environment.has(name))

/** They differ in some defaults. */
export const isProduction = (environment: Environment): boolean => environment.get('NODE_ENV') === 'production'
