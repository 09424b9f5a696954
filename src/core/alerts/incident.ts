import type { AlertRule } from './rule.ts'

/** What the channels were told last: nothing yet, that it is open, or that it is over. */
export type Told = 'nothing' | 'open' | 'over'

/** One trouble from its opening to its end. At most one is open for a rule and a subject. */
export interface Incident {
  readonly id: string
  readonly rule: AlertRule
  readonly subject: string
  readonly openedAt: number
  /** Since when the trouble lasts, which began before somebody looked. */
  readonly since: number
  readonly why: string
  readonly timezone: string | undefined
  /** The most fire times, or failed jobs, that were counted while it was open. */
  readonly missed: number
  /** Undefined: it is open. */
  readonly resolvedAt: number | undefined
  /** How often it was opened again within 10 minutes of its end. */
  readonly flaps: number
  readonly told: Told
  /** Told again so often while it stayed open. */
  readonly repeats: number
  /** Held back by quiet hours: told in the digest at their end. */
  readonly isHeld: boolean
  readonly acknowledgedAt: number | undefined
  /** Who has seen it. It is not told again while it stays open. */
  readonly acknowledgedBy: string | undefined
  /** When a process said last that it lasts. For reports of processes about themselves only. */
  readonly seenAt: number
}

/** An incident that ended less than this ago is opened again instead of another one. */
export const FLAP_MS = 600_000

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** When an incident that stays open is told again: 1 h, 4 h, and then each 24 h after it opened. */
export function repeatAt({ openedAt, repeats }: Pick<Incident, 'openedAt' | 'repeats'>): number {
  if (repeats === 0) return openedAt + HOUR_MS
  return openedAt + (repeats === 1 ? 4 * HOUR_MS : (repeats - 1) * DAY_MS)
}
