import type { Kind } from './kinds/kind.ts'
import type { Role } from './kinds/roles.ts'

export interface Variable<Value> {
  /** Its default, or an example where there is none. */
  readonly example: string
  /** Its earlier name, which is refused: a variable that is ignored in silence would be missed. */
  readonly earlier?: string
  /** Where the variable's meaning differs from that of the whole setting. */
  readonly meaning?: string
  /** Where the variable is not read like other texts of its kind. */
  readonly fromText?: (text: string, variable: string) => Value
}

interface Said<Code, Value, Unit extends '' | 'Ms'> {
  readonly kind: Kind<Code, Value, Unit>
  /** What it decides: a sentence without its full stop. */
  readonly meaning: string
  /** The default in words, where the value alone does not say it. */
  readonly defaultIs?: string
  /** The first one that is set counts. */
  readonly variables?: Readonly<Record<string, Variable<Value>>>
  /** The roles that it concerns; by default every process. */
  readonly concerns?: readonly Role[]
  /** Its value is never shown. */
  readonly isSecret?: true
}

/** Everything about one setting. `Code` is what code writes, `Value` what it becomes: milliseconds for a duration. */
export interface Row<Code, Value, Unit extends '' | 'Ms' = '' | 'Ms'> extends Said<Code, NonNullable<Value>, Unit> {
  default(isProduction: boolean): Value
  /** Development and production have different defaults. */
  readonly differs: boolean
  /** The flags of an option of `escapement start`, such as "--web <count>". */
  readonly option?: string
}

interface WithDefault<Value> {
  readonly default: Value
  /** The default in production, where it differs. */
  readonly inProduction?: () => Value
}

type Something = string | number | boolean | object

/** A row of the table. Without a default its value may be undefined. */
export function row<Code, Value extends Something, Unit extends '' | 'Ms'>(
  said: Said<Code, Value, Unit> & WithDefault<NoInfer<Value>>
): Row<Code, Value, Unit>
export function row<Code, Value extends Something, Unit extends '' | 'Ms'>(
  said: Said<Code, Value, Unit>
): Row<Code, Value | undefined, Unit>
export function row<Code, Value extends Something, Unit extends '' | 'Ms'>(
  said: Said<Code, Value, Unit> & Partial<WithDefault<Value>>
): Row<Code, Value | undefined, Unit> {
  const { default: usual, inProduction } = said
  return {
    ...said,
    default: isProduction => (isProduction && inProduction !== undefined ? inProduction() : usual),
    differs: inProduction !== undefined
  }
}

/** A row with an option, which takes precedence over code and environment. */
export const asked = <R>(option: string, row: R): R & { readonly option: string } => ({ ...row, option })

// oxlint-disable-next-line typescript/no-explicit-any -- a group holds rows of every type
export type AnyRow = Row<any, any>
export type Group = Readonly<Record<string, AnyRow>>

/** The group as code writes it. */
export type ConfigOf<G extends Group> = { readonly [K in keyof G]?: Parameters<G[K]['kind']['fromCode']>[0] }

/** The options of a group, parsed. */
export type Asked<G extends Group> = {
  readonly [K in keyof G as G[K] extends { readonly option: string } ? K : never]?: NonNullable<ValueOf<G[K]>>
}

/** The values of a group. A duration is named for its unit. */
export type ValuesOf<G extends Group> = {
  readonly [K in keyof G & string as `${K}${G[K]['kind']['unit']}`]: ValueOf<G[K]>
}

type ValueOf<R extends AnyRow> = ReturnType<R['default']>

/** The name of the option of a row, such as "--web". */
export const optionName = ({ option = '' }: AnyRow): string => option.split(' ')[0]!
