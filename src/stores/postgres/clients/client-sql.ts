import { EscapementError } from '../../../core/errors.ts'
import { describe } from '../../../core/options/names.ts'
import type { SqlClient } from '../../../store/jobs.ts'
import type { Sql } from '../sql.ts'

/**
 * Sends statements through a connection of the app. Deadlines and errors are those of the app. Values are passed as
 * texts and cast in the statement, since drivers treat other types differently. Each column has a name, since rows may
 * come as objects.
 *
 * @throws EscapementError `client-invalid`
 */
export function clientSql(client: SqlClient, schema: string): Sql {
  if (typeof (client as Partial<SqlClient> | null)?.query !== 'function')
    throw new EscapementError(
      'client-invalid',
      `The client of an enqueue is ${describe(client)}; it takes a client of "pg", or what fromDrizzle(), fromKysely(), fromKnex() or fromPrisma() of "escapement/postgres" return.`
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
