import type { AlertRule } from './rule.ts'

/**
 * What a notice tells. `opened`, `reopened`, `repeated`, `resolved`: of one incident, or of many of one rule. `digest`:
 * all that quiet hours have held back. `test`: somebody tries the channels.
 */
export type NoticeKind = 'opened' | 'reopened' | 'repeated' | 'resolved' | 'digest' | 'test'

/** An incident as a notice names it. */
export interface NamedIncident {
  readonly id: string
  readonly rule: AlertRule
  readonly subject: string
  /** A sentence, with its times in the zone of the schedule and in UTC. */
  readonly text: string
  readonly openedAt: number
  readonly resolvedAt: number | undefined
}

/** What a channel is given to send. */
export interface Notice {
  /** The same at each try: what has it already has no need of another. */
  readonly id: string
  readonly kind: NoticeKind
  /** Undefined: of several rules. */
  readonly rule: AlertRule | undefined
  readonly isCritical: boolean
  readonly madeAt: number
  /** One line. */
  readonly title: string
  /** Some lines of plain text. */
  readonly text: string
  /** At most 20. */
  readonly incidents: readonly NamedIncident[]
  /** How many further incidents it is about. */
  readonly more: number
}

/** A notice that is to be kept, and for which channel. */
export interface NoticeForChannel {
  readonly channel: string
  readonly notice: Notice
}

/** A notice is tried for this long. */
export const GIVE_UP_MS = 86_400_000
const FIRST_RETRY_MS = 10_000
const LONGEST_RETRY_MS = 1_800_000

/** When a notice that could not be sent is tried again. Undefined: it is given up. `tries` counts this one. */
export function retryNoticeAt(madeAt: number, tries: number, now: number): number | undefined {
  const next = now + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1))
  return next > madeAt + GIVE_UP_MS ? undefined : next
}
