import { outsideTransactions, type SqlClient } from '../../../store/jobs.ts'

/** What is used of the client that an interactive transaction of Prisma hands out (or of Prisma's own). */
export interface PrismaTransaction {
  $queryRawUnsafe(query: string, ...values: unknown[]): PromiseLike<unknown>
}

/**
 * A client for an enqueue within an interactive transaction of Prisma.
 *
 *     await prisma.$transaction(async tx => {
 *       await tx.order.create({ data: order })
 *       await app.enqueue(ship, order.id, { client: fromPrisma(tx) })
 *     })
 */
export const fromPrisma = (tx: PrismaTransaction): SqlClient => ({
  // Prisma hands out transactions without it; since they nest, `$transaction` is there in both.
  ...(typeof (tx as { readonly $connect?: unknown }).$connect === 'function' && {
    [outsideTransactions]: 'the client of Prisma'
  }),
  query: async (text, values) => ({ rows: (await tx.$queryRawUnsafe(text, ...values)) as object[] })
})
