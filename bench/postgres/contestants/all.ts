import type { Contestant } from './contestant.ts'

/** Each is loaded only in the processes that are its own. */
export const contestants = {
  escapement: async (): Promise<Contestant> => (await import('./escapement.ts')).contestant('dropped'),
  escapementKept: async (): Promise<Contestant> => (await import('./escapement.ts')).contestant('kept'),
  graphileWorker: async (): Promise<Contestant> => (await import('./graphile-worker.ts')).contestant,
  pgBoss: async (): Promise<Contestant> => (await import('./pg-boss.ts')).contestant,
  bullmq: async (): Promise<Contestant> => (await import('./bullmq.ts')).contestant,
  raw: async (): Promise<Contestant> => (await import('./raw.ts')).contestant
}

export type ContestantName = keyof typeof contestants

/** As they are named in the report. */
export const labels: Readonly<Record<ContestantName, string>> = {
  escapement: 'Escapement',
  escapementKept: 'Escapement, finished jobs kept',
  graphileWorker: 'Graphile Worker 0.18',
  pgBoss: 'pg-boss 12.38',
  bullmq: 'BullMQ 6.7 on Redis, not durable',
  raw: 'raw SQL'
}
