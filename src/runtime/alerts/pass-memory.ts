import type { Storms } from '../../core/alerts/tell.ts'
import type { AlertPass } from '../../store/alerts.ts'

/** What one pass leaves for the next, which another process may have. */
export interface PassMemory {
  /** Since when somebody looks, and the clock is believed. */
  readonly calmFrom: number
  /** A jump of the clock that is being told. */
  readonly jump?: ClockJump | undefined
  readonly storms: Storms
  /** The minute of the last heartbeat, counted from 1970. */
  readonly heartbeatMinute: number
  /** When the jobs of queues were counted last, and how many wait. */
  readonly depths?:
    | { readonly at: number; readonly counts: readonly (readonly [queue: string, jobs: number])[] }
    | undefined
}

export interface ClockJump {
  readonly byMs: number
  readonly at: number
}

/** Nobody has looked for longer than this: what came to be late meanwhile is given its time. */
const GAP_MS = 120_000
/** Passes finish later than now only if the clock was set back. */
const AHEAD_MS = 2_000
/** A jump is told for as long. */
const JUMP_MS = 60_000
/** Decisions are committed later than their instant, but never by more than this. */
const LATE_COMMIT_MS = 60_000

/** What this pass begins with. */
export interface Beginning {
  readonly memory: PassMemory
  /** Nothing earlier is looked at. */
  readonly from: number
}

export function beginningOf(
  { finishedAt, memory: text }: AlertPass,
  now: number,
  { jump }: { readonly jump: ClockJump | undefined }
): Beginning {
  const before = text === undefined ? undefined : (JSON.parse(text) as PassMemory)
  const isGap = finishedAt === undefined || finishedAt < now - GAP_MS || finishedAt > now + AHEAD_MS
  const told = [jump, before?.jump].find(each => each !== undefined && each.at <= now && each.at > now - JUMP_MS)
  const memory: PassMemory = {
    storms: before?.storms ?? {},
    heartbeatMinute: Math.min(before?.heartbeatMinute ?? 0, Math.floor(now / 60_000)),
    depths: before?.depths,
    calmFrom: isGap ? now : Math.max(Math.min(before?.calmFrom ?? now, now), Math.min(jump?.at ?? 0, now)),
    jump: told
  }
  return { memory, from: Math.min(now, finishedAt ?? now) - LATE_COMMIT_MS }
}
