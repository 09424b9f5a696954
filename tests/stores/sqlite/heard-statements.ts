import { DatabaseSync, StatementSync } from 'node:sqlite'
import type { SQLInputValue } from 'node:sqlite'

type Values = readonly SQLInputValue[]
type Method = (this: StatementSync, ...values: SQLInputValue[]) => unknown

/** Every statement on tables of ours that is run from now on, with the values of its last run. */
export function hearStatements(): ReadonlyMap<string, Values> {
  const heard = new Map<string, Values>()
  const texts = new WeakMap<StatementSync, string>()
  const databases = DatabaseSync.prototype as unknown as { prepare: (sql: string) => StatementSync }
  const prepare = databases.prepare
  databases.prepare = function (sql) {
    const statement = prepare.call(this, sql)
    texts.set(statement, sql)
    return statement
  }
  const methods = StatementSync.prototype as unknown as Record<string, Method>
  for (const name of ['run', 'get', 'all', 'iterate']) {
    const method = methods[name]!
    methods[name] = function (...values) {
      const text = texts.get(this) ?? ''
      if (/^\s*(SELECT|INSERT|UPDATE|DELETE)\b.*\bescapement_/s.test(text)) heard.set(text, values)
      return method.apply(this, values)
    }
  }
  return heard
}
