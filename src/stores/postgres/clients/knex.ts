import { outsideTransactions, type SqlClient } from '../../../store/jobs.ts'
import { splitAtValues } from './split-at-values.ts'

/** The part of a Knex transaction (or instance) that is used. */
export interface KnexTransaction {
  raw(sql: string, bindings: never[]): PromiseLike<unknown>
}

/**
 * A client for an enqueue within a transaction of Knex, or of a library built on it, such as Objection.
 *
 * @example
 * ```ts
 * await knex.transaction(async trx => {
 *   await trx('orders').insert(order)
 *   await app.enqueue(ship, order.id, { client: fromKnex(trx) })
 * })
 * ```
 */
export const fromKnex = (trx: KnexTransaction): SqlClient => ({
  ...((trx as { readonly isTransaction?: unknown }).isTransaction !== true && {
    [outsideTransactions]: 'the instance of Knex'
  }),
  query: async (text, values) => {
    const { texts, inOrder } = splitAtValues(text, values)
    const sql = texts.map(part => part.replaceAll('?', String.raw`\?`)).join('?')
    return (await trx.raw(sql, inOrder as never[])) as { rows: object[] }
  }
})
