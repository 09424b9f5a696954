import type { Diagnosis } from '../../store/diagnosis.ts'
import type { Database, Statement } from './sql.ts'
import type { Watch } from './connection/watch.ts'

/** If the connection does not listen within this time, something blocks it. */
const LISTEN_WITHIN_MS = 3_000
const DURABILITY: Statement = {
  text: "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name"
}

export interface Diagnosed {
  readonly database: Database & { readonly isPooled: boolean }
  /** Undefined: wakes are not listened for. */
  readonly watch: Watch | undefined
}

export async function diagnose({ database, watch }: Diagnosed): Promise<Diagnosis> {
  const rows = await database.query<[name: string, setting: string]>(DURABILITY)
  return {
    durability: Object.fromEntries(rows),
    isPooled: database.isPooled,
    isHearingWakes: watch === undefined ? undefined : await hears(watch)
  }
}

/** A listener is called as soon as the connection listens. */
async function hears(watch: Watch): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const end = watch.add(() => resolve(true))
  const timer = setTimeout(() => resolve(false), LISTEN_WITHIN_MS)
  try {
    return watch.isListening || (await promise)
  } finally {
    clearTimeout(timer)
    end()
  }
}
