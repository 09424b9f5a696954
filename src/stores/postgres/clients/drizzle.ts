import { isPool, outsideTransactions, type SqlClient } from '../../../store/jobs.ts'
import { splitAtValues } from './split-at-values.ts'

/** What is used of a transaction (or a database) of Drizzle. */
export interface DrizzleTransaction<Query> {
  execute(query: Query): PromiseLike<unknown>
}

/** Drizzle's own tag: only what it makes is taken by `execute`. */
export type DrizzleTag<Query> = (texts: TemplateStringsArray, ...values: unknown[]) => Query

/**
 * A client for an enqueue within a transaction of Drizzle; `sql` is that of `drizzle-orm`.
 *
 *     await db.transaction(async tx => {
 *       await tx.insert(orders).values(order)
 *       await app.enqueue(ship, order.id, { client: fromDrizzle(tx, sql) })
 *     })
 */
export const fromDrizzle = <Query>(tx: DrizzleTransaction<Query>, sql: DrizzleTag<Query>): SqlClient => ({
  ...(!isTransaction(tx) && { [outsideTransactions]: 'the database of Drizzle' }),
  query: async (text, values) => {
    const { texts, inOrder } = splitAtValues(text, values)
    const answer = await tx.execute(sql(Object.assign(texts, { raw: texts }), ...inOrder))
    // The result of `pg`; of postgres.js, the rows themselves.
    return Array.isArray(answer) ? { rows: answer as object[] } : (answer as { rows: object[] })
  }
})

/** A database has its driver's client or pool in `$client`; a pool hands each statement to another connection. */
function isTransaction(tx: object): boolean {
  const { $client } = tx as { readonly $client?: unknown }
  return $client === undefined || !isPool($client)
}
