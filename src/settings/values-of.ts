import { decidingVariable, type Environment, isProduction } from './environment.ts'
import type { AnyRow, Asked, Group, ValuesOf, ConfigOf } from './row.ts'

/** The sources of a group. The command line takes precedence over code, code over the environment. */
export interface Speakers<G extends Group> {
  readonly asked?: Asked<G>
  readonly code?: ConfigOf<G> | undefined
  readonly environment: Environment
}

/** The value of every setting of a group. */
export function valuesOf<G extends Group>(group: G, { asked, code, environment }: Speakers<G>): ValuesOf<G> {
  const values = Object.entries(group).map(([key, row]): [string, unknown] => {
    const said: unknown = row.option === undefined ? undefined : asked?.[key as keyof typeof asked]
    return [`${key}${row.kind.unit}`, said ?? valueOf(row, code?.[key], environment)]
  })
  return Object.fromEntries(values) as ValuesOf<G>
}

function valueOf(row: AnyRow, code: unknown, environment: Environment): unknown {
  if (code !== undefined) return row.kind.fromCode(code)
  const variable = decidingVariable(row, environment)
  return variable === undefined ? row.default(isProduction(environment)) : environment.get(variable)
}

/** Where a setting's value comes from, apart from the command line: "code", a variable, or "default". */
export const originOf = (row: AnyRow, code: unknown, environment: Environment): string =>
  code === undefined ? (decidingVariable(row, environment) ?? 'default') : 'code'
