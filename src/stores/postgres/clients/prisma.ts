import { outsideTransactions, type SqlClient } from '../../../store/jobs.ts'

/** The part of an interactive Prisma transaction's client (or of Prisma's own) that is used. */
export interface PrismaTransaction {
  $queryRawUnsafe(query: string, ...values: unknown[]): PromiseLike<unknown>
}

/**
 * A client for an enqueue within an interactive Prisma transaction.
 *
 * @example
 * ```ts
 * await prisma.$transaction(async tx => {
 *   await tx.order.create({ data: order })
 *   await app.enqueue(ship, order.id, { client: fromPrisma(tx) })
 * })
 * ```
 */
export const fromPrisma = (tx: PrismaTransaction): SqlClient => ({
  // Transactions have no `$connect`. Both have `$transaction`, since transactions nest.
  ...(typeof (tx as { readonly $connect?: unknown }).$connect === 'function' && {
    [outsideTransactions]: 'the client of Prisma'
  }),
  query: async (text, values) => ({ rows: (await tx.$queryRawUnsafe(text, ...values)) as object[] })
})
