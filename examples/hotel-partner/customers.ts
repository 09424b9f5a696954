import { randomBytes, scryptSync } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { settings } from './settings.ts'

const AT_ONCE = 50

/** The customers as a former release left them: passwords in the clear. Any process may open them. */
export function openCustomers(file = settings.customersFile): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file, { timeout: 2_000 })
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, password TEXT, password_hash TEXT);
    INSERT OR IGNORE INTO customer (id, name, password) VALUES (1, 'Ada', 'countess'), (2, 'Grace', 'admiral'), (3, 'Edsger', 'goto');
  `)
  return database
}

/**
 * The one-time migration: hashes what is still in the clear, a few at a time, and stops when the seat is lost. Whoever
 * takes over goes on where it ended, since a row that is done is no longer found. Answers how many it hashed.
 */
export async function hashCustomers(isPrimary: () => boolean): Promise<number> {
  const database = openCustomers()
  const find = database.prepare('SELECT id, password FROM customer WHERE password_hash IS NULL LIMIT ?')
  const hash = database.prepare(
    'UPDATE customer SET password_hash = ?, password = NULL WHERE id = ? AND password_hash IS NULL'
  )
  let hashed = 0
  try {
    for (;;) {
      const customers = find.all(AT_ONCE) as { id: number; password: string }[]
      if (customers.length === 0 || !isPrimary()) return hashed
      for (const { id, password } of customers) hashed += Number(hash.run(hashOf(password), id).changes)
      // Requests are served between two handfuls.
      await new Promise(resolve => setImmediate(resolve))
    }
  } finally {
    database.close()
  }
}

function hashOf(password: string): string {
  const salt = randomBytes(16)
  return `scrypt:${salt.toString('hex')}:${scryptSync(password, salt, 32).toString('hex')}`
}
