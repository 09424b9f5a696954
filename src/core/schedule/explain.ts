import { formatDuration } from './explain-words.ts'
import type { Job } from '../job/job.ts'
import type { LedgerOutcome, LedgerRow } from './ledger.ts'
import type { TimelineRow } from './schedule.ts'
import { formatInstant } from '../trigger/instant.ts'
import { isFireTime } from '../verify/verify-row.ts'
import { expectsFires, type Stretch, stretchesOf } from '../verify/verify-stretches.ts'

/** What the books say about one instant of one schedule. */
export interface ExplainBooks {
  readonly id: string
  /** The instant to explain. */
  readonly at: number
  /** Oldest first; at least one row. */
  readonly timeline: readonly TimelineRow[]
  readonly decidedUntil: number
  /** The ledger row that covers the instant, and the known rows of the same decision. */
  readonly rows: readonly LedgerRow[]
  /** The job of the covering row, if it still exists. */
  readonly job: Job | undefined
  /** The store's time. */
  readonly now: number
  readonly prunedUntil: number | undefined
}

/**
 * `pending`: due, and not decided yet. `future`: not due yet. `missing`: decided, but not in the ledger. `none`: not a
 * fire time. `forgotten`: its record may be past retention.
 */
type Fate = LedgerOutcome | 'pending' | 'future' | 'missing' | 'none' | 'forgotten'

export interface Explanation {
  readonly fate: Fate
  /** One or two sentences for people. */
  readonly sentence: string
  /** The fire times before and after, under the definition of that time. */
  readonly previous: number | undefined
  readonly next: number | undefined
  /** The schedule's revision at that time. Undefined before it existed. */
  readonly revision: number | undefined
}

/** Explains what happened at one instant of a schedule, and why. Pure. */
export function explain(books: ExplainBooks): Explanation {
  const stretches = stretchesOf(books.timeline)
  const stretch = stretches.findLast(each => books.at > each.after && books.at <= each.until)
  const row = coveringRow(books)
  const { fate, sentence } = stretch === undefined ? beforeCreation(books, stretches[0]) : within(books, stretch, row)
  const trigger = (stretch ?? stretches[0])?.trigger
  return {
    fate,
    sentence,
    previous: trigger?.previous(books.at),
    next: trigger?.next(books.at),
    revision: stretch?.revision
  }
}

interface Verdict {
  readonly fate: Fate
  readonly sentence: string
}

const coveringRow = ({ rows, at }: ExplainBooks): LedgerRow | undefined =>
  rows.find(row => row.fireAt <= at && at <= row.lastFireAt)

function beforeCreation({ id, at }: ExplainBooks, first: Stretch | undefined): Verdict {
  const since = first === undefined ? '' : `; its books begin after ${formatInstant(first.after)}`
  return { fate: 'none', sentence: `${formatInstant(at)} is before the schedule "${id}" existed${since}.` }
}

function within(books: ExplainBooks, stretch: Stretch, row: LedgerRow | undefined): Verdict {
  const isRowForIt = row !== undefined && (row.count === 1 || isFireTime(stretch, books.at))
  if (isRowForIt) return { fate: row.outcome, sentence: `${formatInstant(books.at)} ${recorded(books, stretch, row)}` }
  if (!expectsFires(stretch)) return without(books, stretch)
  if (!isFireTime(stretch, books.at)) return { fate: 'none', sentence: notAFireTime(books, stretch) }
  return unrecorded(books, stretch)
}

function without({ id, at }: ExplainBooks, { phase, phaseBy, after }: Stretch): Verdict {
  const removed = `was removed${phaseBy === 'orphans' ? ', because no live process named it (orphans: "remove")' : ''}`
  const state = phase === 'ended' ? 'had ended: it had fired as often as it may' : removed
  return {
    fate: 'none',
    sentence: `${formatInstant(at)}: the schedule "${id}" ${state}, since ${formatInstant(after)}.`
  }
}

function notAFireTime({ id, at }: ExplainBooks, { trigger }: Stretch): string {
  const previous = trigger.previous(at)
  const next = trigger.next(at)
  const nearest = [
    previous === undefined ? 'none before' : `${formatInstant(previous)} before`,
    next === undefined ? 'none after' : `${formatInstant(next)} after`
  ]
  return `${formatInstant(at)} is not a fire time of the schedule "${id}"; the nearest are ${nearest.join(' and ')}.`
}

function unrecorded(books: ExplainBooks, stretch: Stretch): Verdict {
  const { at, now, decidedUntil, prunedUntil } = books
  const when = formatInstant(at)
  if (at > now)
    return {
      fate: 'future',
      sentence: `${when} is due in ${formatDuration(at - now)}${stretch.phase === 'paused' ? ', but the schedule is paused' : ''}.`
    }
  if (prunedUntil !== undefined && at <= prunedUntil)
    return {
      fate: 'forgotten',
      sentence: `${when} is a fire time, but its record is past retention: nothing is kept up to ${formatInstant(prunedUntil)}.`
    }
  if (stretch.phase === 'paused' && stretch.until === Infinity && at > decidedUntil)
    return {
      fate: stretch.phaseBy === 'orphans' ? 'orphaned' : 'paused',
      sentence: `${when} did not fire: the schedule is paused, since ${pausedSince(books, stretch)}${whyPaused(stretch)}. Its resume writes that down.`
    }
  if (at > decidedUntil)
    return {
      fate: 'pending',
      sentence: `${when} has been due for ${formatDuration(now - at)} and is undecided. Is a scheduler running?`
    }
  return {
    fate: 'missing',
    sentence: `${when} is a fire time, but the ledger has no row for it, although everything until ${formatInstant(decidedUntil)} was decided.`
  }
}

function recorded(books: ExplainBooks, stretch: Stretch, row: LedgerRow): string {
  const lateMs = row.decidedAt - books.at
  const found = `found ${formatDuration(lateMs)} after it was due`
  switch (row.outcome) {
    case 'fired':
      if (lateMs < 0)
        return `fired before it came, under a clock that ran ahead: ${jobInWords(books, row)}. It does not fire again.`
      return `fired: ${jobInWords(books, row)}. It was decided ${formatDuration(lateMs)} after it was due, under revision ${row.revision}.`
    case 'coalesced':
      return `was coalesced: ${standIn(books, row)} (coalesce: ${stretch.definition.coalesce}, ${found}).`
    case 'misfired':
      return `misfired: it was ${found}, and the grace is ${formatDuration(stretch.definition.misfireGraceMs ?? 0)}.`
    case 'overlapped':
      return `was skipped: ${stretch.definition.maxInstances === 1 ? 'a job' : `${stretch.definition.maxInstances} jobs`} of the schedule had not finished when it was decided (maxInstances ${stretch.definition.maxInstances}, overlap: skip).`
    case 'paused':
    case 'orphaned':
      return `did not fire: the schedule was paused, since ${pausedSince(books, stretch)}${whyPaused(stretch)}.`
    default:
      return 'did not fire: a calendar leaves it out.'
  }
}

const whyPaused = ({ phaseBy }: Stretch): string =>
  phaseBy === 'orphans' ? ', because no live process named it (orphans: "pause")' : ''

/** When the pause began. An edit of a paused schedule begins a new stretch of the same pause. */
function pausedSince({ timeline }: ExplainBooks, stretch: Stretch): string {
  const until = timeline.findIndex(row => row.revision === stretch.revision)
  const before = timeline.slice(0, until).findLastIndex(row => row.phase !== 'paused')
  return formatInstant(timeline[before + 1]?.validFrom ?? stretch.after)
}

function jobInWords({ job }: ExplainBooks, row: LedgerRow): string {
  if (row.jobId === undefined) return 'the row names no job'
  if (job === undefined) return `its job ${row.jobId} is past retention or was dropped as it completed`
  const last = job.errors.at(-1)
  const failed = job.failures === 0 ? '' : ` after ${job.failures} ${job.failures === 1 ? 'failure' : 'failures'}`
  return `its job ${job.id} is ${job.state}${failed}${last === undefined || job.state === 'completed' ? '' : ` (last: ${last.message})`}`
}

function standIn({ rows }: ExplainBooks, row: LedgerRow): string {
  const isOfDecision = (each: LedgerRow): boolean => each.decidedAt === row.decidedAt && each.outcome !== 'coalesced'
  const other = rows.find(each => isOfDecision(each) && each.fireAt > row.lastFireAt) ?? rows.findLast(isOfDecision)
  if (other === undefined) return 'another fire time of the same decision stood for it'
  return other.outcome === 'fired'
    ? `${formatInstant(other.fireAt)} fired for it`
    : `${formatInstant(other.fireAt)} stood for it, and was itself ${other.outcome}`
}
