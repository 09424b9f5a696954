import { EscapementError } from '../../../core/errors.ts'
import { describe } from '../../../core/options/names.ts'
import type { SqlClient } from '../../../store/jobs.ts'
import type { Sql } from '../sql.ts'

/**
 * Statements sent through a connection of the app's. Its deadlines are its own, and so are its errors. Statements have
 * texts as their values, cast where they stand, since drivers differ in what they make of anything else; and a name for each
 * column, since rows may come as objects.
 *
 * @throws EscapementError `client-invalid`
 */
export function clientSql(client: SqlClient, schema: string): Sql {
  if (typeof (client as Partial<SqlClient> | null)?.query !== 'function')
    throw new EscapementError(
      'client-invalid',
      `The client of an enqueue is ${describe(client)}; it takes a client of "pg", or what fromDrizzle(), fromKysely(), fromKnex() or fromPrisma() of "escapement/postgres" answer.`
    )
  return {
    query: async <Row extends readonly unknown[]>(
      statement: Parameters<Sql['query']>[0],
      values: readonly unknown[] = []
    ) => {
      const { rows } = await client.query(statement.text.replaceAll('{books}', schema), [...values])
      return rows.map(row => Object.values(row)) as unknown[] as Row[]
    }
  }
}
