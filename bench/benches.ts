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
  },
  enqueue: {
    says: 'on PostgreSQL: enqueue by 10 and 100 callers, beside Graphile Worker, pg-boss, BullMQ and raw SQL',
    load: async () => (await import('./postgres/enqueue.ts')).enqueueBars
  },
  bulk: {
    says: 'on PostgreSQL: many jobs at once, beside the same',
    load: async () => (await import('./postgres/bulk.ts')).bulkBars
  },
  drain: {
    says: 'on PostgreSQL: one and four processes work off a backlog, beside the same',
    load: async () => (await import('./postgres/drain.ts')).drainBars
  },
  queues: {
    says: 'on SQLite and PostgreSQL: one job in each of 10,000 queues, or of 200 priorities × 50 tasks, beside one queue',
    load: async () => (await import('./queues.ts')).queuesBars
  },
  latency: {
    says: 'on PostgreSQL: from enqueue to the handler in another process, beside the same',
    load: async () => (await import('./postgres/latency.ts')).latencyBars
  },
  schedules: {
    says: 'on PostgreSQL: 100,000 schedules registered and idle, 1,000 and 10,000 due together',
    load: async () => (await import('./postgres/schedules.ts')).scheduleBars
  },
  backlog: {
    says: 'on PostgreSQL: a deep backlog, and many jobs in the way of a short one',
    load: async () => (await import('./postgres/backlog.ts')).backlogBars
  },
  bloat: {
    says: 'on PostgreSQL: a load beside a transaction that is held open',
    load: async () => (await import('./postgres/bloat.ts')).bloatBars
  },
  idle: {
    says: 'on PostgreSQL: what a worker costs that only waits, beside the peers',
    load: async () => (await import('./postgres/idle.ts')).idleBars
  },
  http: {
    says: 'pages of the API on 1,000,000 jobs and 100,000 schedules, and requests beside heavy jobs, on SQLite and PostgreSQL',
    load: async () => (await import('./http.ts')).httpBars
  },
  recovery: {
    says: 'on PostgreSQL: kill -9 and a stop in the midst of a job',
    load: async () => (await import('./postgres/recovery.ts')).recoveryBars
  },
  failover: {
    says: 'how long a seat is vacant: by file, books and Redis, after kill -9 and after a graceful stop (20 rounds at least)',
    load: async () => (await import('./failover.ts')).failoverBars
  },
  against: {
    says: 'drain, enqueue, import and idle memory beside an earlier commit, built with its own dependencies (--commit)',
    load: async () => (await import('./against.ts')).againstBars
  }
}
