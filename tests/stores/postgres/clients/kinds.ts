import { sql as drizzleSql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import knex from 'knex'
import { CamelCasePlugin, Kysely, PostgresDialect, sql as kyselySql } from 'kysely'
import { Pool } from 'pg'
import type { SqlClient } from '../../../../src/store/jobs.ts'
import { fromDrizzle } from '../../../../src/stores/postgres/clients/drizzle.ts'
import { fromKnex } from '../../../../src/stores/postgres/clients/knex.ts'
import { fromKysely } from '../../../../src/stores/postgres/clients/kysely.ts'
import { fromPrisma } from '../../../../src/stores/postgres/clients/prisma.ts'
import { openPrisma } from './prisma.ts'

/** An app's way to its database. */
export interface AppDatabase {
  /** Commits, or rolls back what the body wrote when it throws. */
  readonly inTransaction: (body: (tx: AppTransaction) => Promise<void>) => Promise<void>
  /** A client outside any transaction. */
  readonly client: SqlClient
  readonly close: () => Promise<void>
}

export interface AppTransaction {
  readonly client: SqlClient
  /** Writes a row of the app's, in the library's own way. */
  readonly order: (number: number) => Promise<unknown>
}

const INSERT = 'INSERT INTO orders VALUES ($1)'
const ignore = (): undefined => undefined

/** By the names of the libraries, at the versions that this is tested with. */
export const kinds: Readonly<Record<string, (url: string) => AppDatabase>> = {
  pg: url => {
    const pool = new Pool({ connectionString: url })
    return { inTransaction: body => inPgTransaction(pool, body), client: pool, close: () => pool.end() }
  },
  Drizzle: url => {
    const pool = new Pool({ connectionString: url })
    const db = drizzle({ client: pool })
    return {
      inTransaction: body =>
        db.transaction(tx =>
          body({
            client: fromDrizzle(tx, drizzleSql),
            order: number => tx.execute(drizzleSql`INSERT INTO orders VALUES (${number})`)
          })
        ),
      client: fromDrizzle(db, drizzleSql),
      close: () => pool.end()
    }
  },
  Kysely: url => {
    const dialect = new PostgresDialect({ pool: new Pool({ connectionString: url }) })
    // A plugin that renames the columns of every answer.
    const db = new Kysely<object>({ dialect, plugins: [new CamelCasePlugin()] })
    return {
      inTransaction: body =>
        db.transaction().execute(trx =>
          body({
            client: fromKysely(trx),
            order: number => kyselySql`INSERT INTO orders VALUES (${number})`.execute(trx)
          })
        ),
      client: fromKysely(db),
      close: () => db.destroy()
    }
  },
  Knex: url => {
    const db = knex({ client: 'pg', connection: url })
    return {
      inTransaction: body =>
        db.transaction(trx => body({ client: fromKnex(trx), order: async number => trx('orders').insert({ number }) })),
      client: fromKnex(db),
      close: () => db.destroy()
    }
  },
  Prisma: url => {
    const prisma = openPrisma(url)
    return {
      inTransaction: body =>
        prisma.$transaction(tx =>
          body({ client: fromPrisma(tx), order: async number => tx.$executeRawUnsafe(INSERT, number) })
        ),
      client: fromPrisma(prisma),
      close: () => prisma.$disconnect()
    }
  }
}

async function inPgTransaction(pool: Pool, body: (tx: AppTransaction) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await body({ client, order: number => client.query(INSERT, [number]) })
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(ignore)
    throw error
  } finally {
    client.release()
  }
}
