import type { PGlite } from '@electric-sql/pglite'
import { createDatabase } from './driver.ts'
import { Turn } from './turn.ts'

/** A database of this process, and whose turn it is on it. */
export interface Shared {
  readonly client: PGlite
  readonly turn: Turn
}

export interface Holding {
  readonly shared: Shared
  /** Closes the database when this is its last holder. A second call does nothing. */
  readonly release: () => Promise<void>
}

interface Entry {
  users: number
  readonly opening: Promise<Shared>
  /** Set once its last holder has let go: until then its files are in use. */
  closing?: Promise<void>
}

/** A process may have only one database per folder: a second one would write to the same files. */
const entries = new Map<string, Entry>()

/** Without a folder: a new one in memory. */
export async function holdDatabase(folder: string | undefined): Promise<Holding> {
  const key = folder ?? `memory ${++memories}`
  for (let closing; (closing = entries.get(key)?.closing) !== undefined;) await closing
  const entry = entries.get(key) ?? { users: 0, opening: openShared(folder) }
  entries.set(key, entry)
  entry.users += 1
  const forget = (): void => {
    if (entries.get(key) === entry) entries.delete(key)
  }
  let isHeld = true
  const release = async (): Promise<void> => {
    if (!isHeld) return
    isHeld = false
    entry.users -= 1
    if (entry.users > 0) return
    entry.closing = entry.opening.then(({ client }) => client.close()).finally(forget)
    await entry.closing
  }
  try {
    return { shared: await entry.opening, release }
  } catch (error) {
    forget()
    throw error
  }
}

let memories = 0

const openShared = async (folder: string | undefined): Promise<Shared> => ({
  client: await createDatabase(folder),
  turn: new Turn()
})
