/** What an alert may be about. The guide on alerts says when each begins and ends. */
export const alertRules = [
  'not-started',
  'missed',
  'stale',
  'failed',
  'too-long',
  'too-short',
  'no-scheduler',
  'no-next-fire',
  'orphaned',
  'unknown-task',
  'queue-old',
  'queue-deep',
  'node-lost',
  'clock-jumped',
  'seat-vacant',
  'error',
  'channel-failing'
] as const

/** What an alert may be about. */
export type AlertRule = (typeof alertRules)[number]

/** A rule that is true of a subject at the instant of a look at the books. */
export interface Truth {
  readonly rule: AlertRule
  /** The id of a schedule, or the name of a task, queue, seat, process or channel. Together with the rule it is unique. */
  readonly subject: string
  /** Since when, as far as the books tell: a fire time, the end of a job, the last renewal of a node. */
  readonly since: number
  /** A sentence for people. It has no times: those are added in the zone of the schedule. */
  readonly why: string
  /** The zone in which people expect its times. Undefined: UTC alone. */
  readonly timezone?: string | undefined
  /** The fire times that were missed, counted for the notice at the end. */
  readonly missed?: number | undefined
}

/** These alone are delivered during quiet hours, unless the settings name others. */
export const criticalByDefault: readonly AlertRule[] = ['no-scheduler', 'not-started', 'seat-vacant']
