// Written by `npm run reference` from the table of endpoints.

export interface ApiIncident {
  readonly id: string
  readonly rule:
    | 'not-started'
    | 'missed'
    | 'stale'
    | 'failed'
    | 'too-long'
    | 'too-short'
    | 'no-scheduler'
    | 'no-next-fire'
    | 'orphaned'
    | 'unknown-task'
    | 'queue-old'
    | 'queue-deep'
    | 'node-lost'
    | 'clock-jumped'
    | 'seat-vacant'
    | 'error'
    | 'channel-failing'
  readonly subject: string
  readonly why: string
  readonly beganAt: string
  readonly openedAt: string
  readonly resolvedAt: string | null
  readonly missed: number
  readonly flaps: number
  readonly acknowledgedAt: string | null
  readonly acknowledgedBy: string | null
}
