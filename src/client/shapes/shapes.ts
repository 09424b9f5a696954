// Written by `npm run reference` from the table of endpoints.

export interface ApiAuditEntry {
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly role: 'viewer' | 'operator' | 'admin' | null
  readonly via: 'page' | 'api' | 'cli' | 'code'
  readonly address: string | null
  readonly action:
    | 'schedule.put'
    | 'schedule.update'
    | 'schedule.pause'
    | 'schedule.resume'
    | 'schedule.run'
    | 'schedule.remove'
    | 'schedule.restore'
    | 'schedule.reset'
    | 'job.enqueue'
    | 'job.update'
    | 'job.retry'
    | 'job.cancel'
    | 'job.delete'
    | 'queue.pause'
    | 'queue.resume'
    | 'incident.acknowledge'
    | 'books.import'
    | 'token.create'
    | 'token.revoke'
    | 'session.create'
    | 'session.revoke'
    | 'api.use'
  readonly targetKind: 'schedule' | 'job' | 'queue' | 'incident' | 'books' | 'token' | 'session' | 'api'
  readonly targetId: string
  readonly before: unknown
  readonly after: unknown
  readonly reason: string | null
  readonly bulkId: string | null
  readonly outcome: 'done' | 'refused'
  readonly count: number
}

export interface ApiExplanation {
  readonly at: string
  readonly fate:
    | 'fired'
    | 'coalesced'
    | 'misfired'
    | 'overlapped'
    | 'paused'
    | 'orphaned'
    | 'excluded'
    | 'pending'
    | 'future'
    | 'missing'
    | 'none'
    | 'forgotten'
  readonly sentence: string
  readonly previousAt: string | null
  readonly nextAt: string | null
  readonly revision: number | null
  readonly trigger: { readonly kind: string }
  readonly row: ApiLedgerRow | null
}

export interface ApiHealth {
  readonly status: 'ok'
  readonly time: string
  readonly process: string
}

export interface ApiHealthSummary {
  readonly status: 'ok' | 'degraded'
  readonly scheduler_running: boolean
  readonly redis_connected: boolean | null
  readonly timestamp: string
}

export interface ApiHostInUse {
  readonly timestamp: string
  readonly cpu_percent: number
  readonly memory_percent: number
  readonly disk_usage: number | null
  readonly scheduler_running: boolean
}

export interface ApiJob {
  readonly id: string
  readonly task: string
  readonly queue: string
  readonly state: 'scheduled' | 'available' | 'running' | 'retryable' | 'completed' | 'cancelled' | 'discarded'
  readonly priority: number
  readonly origin: 'enqueue' | 'fire' | 'start' | 'manual'
  readonly delivery: 'at-least-once' | 'at-most-once'
  readonly scheduleId: string | null
  readonly fireAt: string | null
  readonly runAt: string
  readonly createdAt: string
  readonly claimedAt: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly cancelRequestedAt: string | null
  readonly node: string | null
  readonly uniqueKey: string | null
  readonly failures: number
  readonly maxAttempts: number | null
  readonly rescues: number
  readonly snoozes: number
  readonly lastError: { readonly attempt: number; readonly at: string; readonly message: string } | null
}

export interface ApiJobContent {
  readonly id: string
  readonly task: string
  readonly payload: unknown
  readonly progress: unknown
  readonly result: unknown
  readonly errors: readonly {
    readonly attempt: number
    readonly at: string
    readonly message: string
    readonly stack?: string
    readonly code?: string
    readonly cause?: { readonly message: string }
    readonly errors?: readonly { readonly message: string }[]
    readonly sealed?: string
  }[]
}

export interface ApiLedgerRow {
  readonly outcome: 'fired' | 'coalesced' | 'misfired' | 'overlapped' | 'paused' | 'orphaned' | 'excluded'
  readonly count: number
  readonly fireAt: string
  readonly lastFireAt: string
  readonly decidedAt: string
  readonly nextFireAt: string | null
  readonly jobId: string | null
  readonly revision: number
  readonly node: string
  readonly timezoneData: string
}

export interface ApiListedSchedule {
  readonly id: string
  readonly task: string
  readonly phase: 'active' | 'paused' | 'ended' | 'removed'
  readonly phaseBy: 'operator' | 'for-good' | 'orphans' | null
  readonly when: string
  readonly trigger: { readonly kind: string }
  readonly nextFireAt: string | null
  readonly lastJobCreatedAt: string | null
  readonly pausedAt: string | null
  readonly pauseNote: string | null
  readonly liveJobs: number
  readonly fires: number
  readonly app: string
  readonly owner: 'code' | 'calls'
  readonly release: number
  readonly orphanedAt: string | null
}

export interface ApiLive {
  readonly status: 'ok'
  readonly process: string
}

export interface ApiNode {
  readonly id: string
  readonly phase: 'alive' | 'left' | 'lost'
  readonly host: string
  readonly pid: number
  readonly roles: readonly string[]
  readonly apps: readonly string[]
  readonly release: number
  readonly version: string
  readonly startedAt: string
  readonly renewedAt: string
}

export interface ApiPausedQueue {
  readonly queue: string
  readonly isPaused: boolean
}

export interface ApiQueue {
  readonly queue: string
  readonly pausedAt: string | null
  readonly counts: {
    readonly scheduled?: number
    readonly available?: number
    readonly running?: number
    readonly retryable?: number
    readonly completed?: number
    readonly cancelled?: number
    readonly discarded?: number
  }
}

export interface ApiSeat {
  readonly seat: string
  readonly term: number
  readonly holder: { readonly id: string; readonly host: string; readonly pid: number } | null
  readonly electedAt: string
  readonly renewedAt: string
}

export interface ApiStatus {
  readonly time: string
  readonly process: {
    readonly name: string
    readonly pid: number
    readonly host: string
    readonly roles: readonly string[]
    readonly version: string
  }
  readonly scheduler: {
    readonly running: boolean
    readonly nodes: number
    readonly nextFireAt: string | null
    readonly overdue: boolean
  }
  readonly nodes: { readonly alive: number; readonly shown: readonly ApiNode[] }
}
