import { formatDuration } from '../schedule/explain-words.ts'
import { isOverdue } from '../schedule/overdue.ts'
import type { ScheduleState } from '../schedule/schedule.ts'
import { formatInstant } from '../trigger/instant.ts'
import { triggerOf } from '../trigger/trigger-cache.ts'
import type { ScheduleHealth } from './health.ts'

/** How a schedule is, in one word. The first that is true, in this order, except that `fine` comes last. */
export const healthWords = [
  'fine',
  'removed',
  'paused',
  'orphaned',
  'overdue',
  'failing',
  'late',
  'stale',
  'ended',
  'no-next-fire'
] as const
export type HealthWord = (typeof healthWords)[number]

/** What is known of a schedule. Instants are the store's. */
export interface HealthFacts {
  readonly state: ScheduleState
  /** Its unfinished jobs. */
  readonly liveJobs: number
  /** Undefined: no job of it has ended yet. */
  readonly health: ScheduleHealth | undefined
  /** Since when the first of its jobs is due that no process has claimed yet. Undefined: there is none. */
  readonly waitingSince: number | undefined
  readonly now: number
}

export interface HealthVerdict {
  readonly word: HealthWord
  /** Undefined for `fine` and where the word says all. */
  readonly reason: string | undefined
}

/** A job that nobody has claimed so long after it was due is late. */
const START_WITHIN_MS = 60_000

export function verdictOf(facts: HealthFacts): HealthVerdict {
  const verdicts = [ofPhase, ofOwner, ofDecisions, ofFailures, ofWaiting, ofSuccess, ofEnd]
  for (const judge of verdicts) {
    const verdict = judge(facts)
    if (verdict !== undefined) return verdict
  }
  return { word: 'fine', reason: undefined }
}

type Judge = (facts: HealthFacts) => HealthVerdict | undefined

const ofPhase: Judge = ({ state: { phase, phaseBy, validFrom, pauseNote } }) => {
  const since = `since ${formatInstant(validFrom)}`
  if (phase === 'removed') return { word: 'removed', reason: since }
  if (phase !== 'paused') return undefined
  if (phaseBy === 'orphans') return { word: 'orphaned', reason: `paused ${since}, as no live process names it` }
  const by = phaseBy === undefined ? 'by its code' : 'by an operator'
  return { word: 'paused', reason: pauseNote === undefined ? `${by} ${since}` : `${by} ${since}: "${pauseNote}"` }
}

const ofOwner: Judge = ({ state: { orphanedAt } }) =>
  orphanedAt === undefined
    ? undefined
    : { word: 'orphaned', reason: `no code has named it since ${formatInstant(orphanedAt)}` }

const ofDecisions: Judge = ({ state: { phase, nextFireAt }, now }) =>
  phase === 'active' && nextFireAt !== undefined && isOverdue(nextFireAt, now)
    ? { word: 'overdue', reason: `due ${formatInstant(nextFireAt)}, and no scheduler has decided` }
    : undefined

const ofFailures: Judge = ({ health }) => {
  if (health === undefined || health.failuresInRow === 0) return undefined
  const { failuresInRow, lastSuccessAt } = health
  const last = lastSuccessAt === undefined ? 'it has never succeeded' : `last success ${formatInstant(lastSuccessAt)}`
  return { word: 'failing', reason: `${failuresInRow}×; ${last}` }
}

const ofWaiting: Judge = ({ waitingSince, now }) =>
  waitingSince !== undefined && now - waitingSince > START_WITHIN_MS
    ? { word: 'late', reason: `a job has waited ${formatDuration(now - waitingSince)}, and no process has claimed it` }
    : undefined

/**
 * No success for the fire time before the last one, nor for the last one, though no job is under way that may still
 * bring it. Fire times under an earlier definition or phase don't count.
 */
const ofSuccess: Judge = ({ state, liveJobs, health, now }) => {
  if (state.phase !== 'active' || liveJobs > 0) return undefined
  const trigger = triggerOf(state.definition.trigger)
  const last = trigger.previous(now + 1)
  const before = last === undefined ? undefined : trigger.previous(last)
  if (before === undefined || before <= state.validFrom || (health?.lastSuccessAt ?? 0) >= before) return undefined
  const since = health?.lastSuccessAt === undefined ? 'ever' : `since ${formatInstant(health.lastSuccessAt)}`
  return { word: 'stale', reason: `no success ${since}, though it was due ${formatInstant(before)}` }
}

const ofEnd: Judge = ({ state: { phase, fires, nextFireAt } }) => {
  if (phase === 'ended') return { word: 'ended', reason: `it has fired ${fires} times` }
  return nextFireAt === undefined ? { word: 'no-next-fire', reason: 'its trigger has no further fire time' } : undefined
}
