import type { Bench } from './run.ts'

interface Entry {
  readonly says: string
  readonly load: () => Promise<Bench>
}

/** What can be measured. Only what is asked for is loaded. */
export const benches: Readonly<Record<string, Entry>> = {
  cron: {
    says: 'next fire times a second, beside croner and cron-parser',
    load: async () => (await import('./cron.ts')).cronBars
  },
  sqlite: {
    says: 'drain, enqueue, lateness, registration and idling on SQLite, beside plain loops on the same kind of file',
    load: async () => (await import('./sqlite.ts')).sqliteBars
  }
}
