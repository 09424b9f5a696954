import { outsideTransactions, type SqlClient } from '../../../store/jobs.ts'

/** A hand-written query for Kysely: what its `CompiledQuery.raw()` returns. */
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

/** The part of a Kysely transaction (or database) that is used. */
export interface KyselyTransaction {
  executeQuery(query: KyselyQuery): Promise<{ readonly rows: object[] }>
}

/**
 * A client for an enqueue within a Kysely transaction.
 *
 * @example
 * ```ts
 * await db.transaction().execute(async trx => {
 *   await trx.insertInto('orders').values(order).execute()
 *   await app.enqueue(ship, order.id, { client: fromKysely(trx) })
 * })
 * ```
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
