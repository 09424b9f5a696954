import { isPool, outsideTransactions, type SqlClient } from '../../../store/jobs.ts'
import { splitAtValues } from './split-at-values.ts'

/** The part of a Drizzle transaction (or database) that is used. */
export interface DrizzleTransaction<Query> {
  execute(query: Query): PromiseLike<unknown>
}

/** Drizzle's own tag: `execute` takes only what the tag makes. */
export type DrizzleTag<Query> = (texts: TemplateStringsArray, ...values: unknown[]) => Query

/**
 * A client for an enqueue within a Drizzle transaction; `sql` is the tag of `drizzle-orm`.
 *
 * @example
 * ```ts
 * await db.transaction(async tx => {
 *   await tx.insert(orders).values(order)
 *   await app.enqueue(ship, order.id, { client: fromDrizzle(tx, sql) })
 * })
 * ```
 */
export const fromDrizzle = <Query>(tx: DrizzleTransaction<Query>, sql: DrizzleTag<Query>): SqlClient => ({
  ...(!isTransaction(tx) && { [outsideTransactions]: 'the database of Drizzle' }),
  query: async (text, values) => {
    const { texts, inOrder } = splitAtValues(text, values)
    const answer = await tx.execute(sql(Object.assign(texts, { raw: texts }), ...inOrder))
    // A result of `pg`, or the rows themselves (postgres.js).
    return Array.isArray(answer) ? { rows: answer as object[] } : (answer as { rows: object[] })
  }
})

/** A database has its driver's client or pool in `$client`; a pool sends each statement through another connection. */
function isTransaction(tx: object): boolean {
  const { $client } = tx as { readonly $client?: unknown }
  return $client === undefined || !isPool($client)
}
