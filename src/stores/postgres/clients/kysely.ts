import { outsideTransactions, type SqlClient } from '../../../store/jobs.ts'

/** A query as Kysely takes it when it is written by hand: what its `CompiledQuery.raw()` answers. */
export interface KyselyQuery {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly query: {
    readonly kind: 'RawNode'
    readonly sqlFragments: readonly string[]
    readonly parameters: readonly []
  }
  readonly queryId: { readonly queryId: string }
}

/** What is used of a transaction (or a database) of Kysely. */
export interface KyselyTransaction {
  executeQuery(query: KyselyQuery): Promise<{ readonly rows: object[] }>
}

/**
 * A client for an enqueue within a transaction of Kysely.
 *
 *     await db.transaction().execute(async trx => {
 *       await trx.insertInto('orders').values(order).execute()
 *       await app.enqueue(ship, order.id, { client: fromKysely(trx) })
 *     })
 */
export const fromKysely = (trx: KyselyTransaction): SqlClient => ({
  ...((trx as { readonly isTransaction?: unknown }).isTransaction === false && {
    [outsideTransactions]: 'the database of Kysely'
  }),
  query: (text, values) =>
    trx.executeQuery({
      sql: text,
      parameters: values,
      query: { kind: 'RawNode', sqlFragments: [text], parameters: [] },
      queryId: { queryId: 'escapement' }
    })
})
