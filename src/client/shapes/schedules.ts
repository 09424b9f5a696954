// Written by `npm run reference` from the table of endpoints.

export interface ApiFoundSchedule {
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
  readonly health: {
    readonly word:
      | 'fine'
      | 'removed'
      | 'paused'
      | 'orphaned'
      | 'overdue'
      | 'failing'
      | 'late'
      | 'stale'
      | 'ended'
      | 'no-next-fire'
    readonly reason: string | null
  }
  readonly lastFinishedAt: string | null
  readonly lastSuccessAt: string | null
  readonly lastDurationMs: number | null
  readonly strip: readonly {
    readonly outcome: 'fired' | 'coalesced' | 'misfired' | 'overlapped' | 'paused' | 'orphaned' | 'excluded'
    readonly count: number
    readonly fireAt: string
    readonly lastFireAt: string
    readonly decidedAt: string
    readonly jobId: string | null
  }[]
}

export interface ApiRevision {
  readonly revision: number
  readonly phase: 'active' | 'paused' | 'ended' | 'removed'
  readonly phaseBy: 'operator' | 'for-good' | 'orphans' | null
  readonly validFrom: string
  readonly release: number
  readonly definition: { readonly task: string; readonly trigger: { readonly kind: string } }
  readonly differences: readonly { readonly member: string; readonly before: unknown; readonly after: unknown }[]
  readonly isPayloadChanged: boolean
}

export interface ApiScheduleDetails {
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
  readonly health: {
    readonly word:
      | 'fine'
      | 'removed'
      | 'paused'
      | 'orphaned'
      | 'overdue'
      | 'failing'
      | 'late'
      | 'stale'
      | 'ended'
      | 'no-next-fire'
    readonly reason: string | null
  }
  readonly lastFinishedAt: string | null
  readonly lastSuccessAt: string | null
  readonly lastDurationMs: number | null
  readonly revision: number
  readonly validFrom: string
  readonly decidedUntil: string
  readonly jobsCreated: number
  readonly definition: { readonly task: string; readonly trigger: { readonly kind: string } }
  readonly next: readonly {
    readonly at: string
    readonly local: string
    readonly offset: string
    readonly transition: 'gap' | 'overlap' | null
  }[]
  readonly history: readonly {
    readonly revision: number
    readonly phase: 'active' | 'paused' | 'ended' | 'removed'
    readonly phaseBy: 'operator' | 'for-good' | 'orphans' | null
    readonly validFrom: string
    readonly release: number
  }[]
}

export interface ApiUnfiredRow {
  readonly scheduleId: string
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
