import type { LedgerRow } from '../../schedule/ledger.ts'
import { type FireEnd, keyOf, type BooksSeen, type ScheduleSight } from './books-seen.ts'
import { type AlertPolicy, limitsOf } from './policy.ts'
import type { AlertRule, Truth } from '../rule.ts'
import { zoneIn } from '../../trigger/zone/zone-in.ts'

/** What the ledger of each schedule that was looked at says. */
export function fireTruths(seen: BooksSeen, policy: AlertPolicy): Truth[] {
  return seen.schedules
    .filter(({ state }) => state.phase !== 'removed')
    .flatMap(sight => [missed(sight, seen, policy), stale(sight, seen, policy), failed(sight, seen, policy)])
    .filter(truth => truth !== undefined)
}

const truthOf = ({ state }: ScheduleSight, rule: AlertRule, rest: Pick<Truth, 'since' | 'why' | 'missed'>): Truth => ({
  rule,
  subject: state.id,
  timezone: zoneIn(state.definition.trigger),
  ...rest
})

/** From a misfire, or from so many overlaps in a row, until the next fire. */
function missed(sight: ScheduleSight, seen: BooksSeen, policy: AlertPolicy): Truth | undefined {
  const { overlaps } = limitsOf(policy, sight.state.id)
  const sinceFired = sight.rows.slice(0, orAll(sight.rows.findIndex(({ outcome }) => outcome === 'fired')))
  // One decision may both miss and fire, and what is over between two looks is told as well.
  const recent = sight.rows.filter(({ decidedAt }) => decidedAt >= seen.from)
  const misfires = [...new Set([...sinceFired, ...recent])].filter(({ outcome }) => outcome === 'misfired')
  const skipped = sinceFired.filter(({ outcome }) => outcome === 'overlapped')
  const [late, blocked] = [total(misfires), total(skipped)]
  if (late > 0)
    return truthOf(sight, 'missed', {
      since: firstOf(misfires),
      missed: late,
      why: `${times(late)} found later than the grace, so ${late === 1 ? 'it' : 'they'} did not fire`
    })
  if (blocked < overlaps) return undefined
  return truthOf(sight, 'missed', {
    since: firstOf(skipped),
    missed: blocked,
    why: `${times(blocked)} in a row skipped, since an earlier job has not finished`
  })
}

const orAll = (index: number): number | undefined => (index === -1 ? undefined : index)
const total = (rows: readonly LedgerRow[]): number => rows.reduce((sum, { count }) => sum + count, 0)
const firstOf = (rows: readonly LedgerRow[]): number => Math.min(...rows.map(({ fireAt }) => fireAt))
const times = (count: number): string => (count === 1 ? '1 fire time was' : `${count} fire times were`)

/** No such fire time was to run, or another one ran for it. */
const isNoChance = ({ outcome }: LedgerRow): boolean =>
  outcome === 'paused' || outcome === 'orphaned' || outcome === 'excluded' || outcome === 'coalesced'

/**
 * Without a success for any fire time from the one before the last due on. The one before must have had `startWithin`,
 * so that a schedule of every second is not stale after two of them.
 */
function stale(sight: ScheduleSight, seen: BooksSeen, policy: AlertPolicy): Truth | undefined {
  const { id, phase, validFrom } = sight.state
  if (phase !== 'active') return undefined
  const { successWithinMs, startWithinMs } = limitsOf(policy, id)
  if (seen.calmFrom + startWithinMs > seen.now) return undefined
  if (successWithinMs !== undefined) return withoutSuccess(sight, seen, successWithinMs)
  // What was paused before has its first chance after the resume.
  const chances = sight.rows.filter(row => !isNoChance(row) && row.lastFireAt > validFrom)
  let older: LedgerRow | undefined
  for (const [index, row] of chances.entries()) {
    if (endOf(row, sight) === 'succeeded') return undefined
    const isBeforeLast = index > 0 || row.count > 1
    if (isBeforeLast && row.fireAt + startWithinMs < seen.now) {
      older = row
      break
    }
  }
  if (older === undefined) return undefined
  return truthOf(sight, 'stale', {
    since: older.fireAt,
    why: 'no success for its last fire time, nor for the one before'
  })
}

/** Paused time does not count: it is measured from the resume at the earliest. */
function withoutSuccess(sight: ScheduleSight, seen: BooksSeen, withinMs: number): Truth | undefined {
  const { rows, state } = sight
  const success = rows.find(row => endOf(row, sight) === 'succeeded')
  const unchanced = rows.find(
    row => row.outcome === 'paused' || row.outcome === 'excluded' || row.outcome === 'orphaned'
  )
  const since = Math.max(success?.fireAt ?? 0, unchanced?.lastFireAt ?? 0, state.validFrom)
  if (since + withinMs >= seen.now) return undefined
  return truthOf(sight, 'stale', { since, why: `no success within ${withinMs / 1_000} s` })
}

/** From so many discarded jobs in a row until so many successes in a row. */
function failed(sight: ScheduleSight, seen: BooksSeen, policy: AlertPolicy): Truth | undefined {
  const { failures, recoveries } = limitsOf(policy, sight.state.id)
  const ended = sight.rows.filter(row => ['failed', 'succeeded'].includes(endOf(row, sight) ?? ''))
  const successes = orAll(ended.findIndex(row => endOf(row, sight) === 'failed')) ?? ended.length
  const failing = ended.slice(successes)
  const inRow = orAll(failing.findIndex(row => endOf(row, sight) === 'succeeded')) ?? failing.length
  const isOpen = seen.open.has(keyOf({ rule: 'failed', subject: sight.state.id }))
  if (isOpen ? successes >= recoveries || inRow === 0 : successes > 0 || inRow < failures) return undefined
  const [row] = failing
  const problem = seen.discards.find(({ id }) => id === row?.jobId)?.problem
  return truthOf(sight, 'failed', {
    since: failing[inRow - 1]?.fireAt ?? seen.now,
    missed: inRow,
    why: `${inRow === 1 ? 'its last job' : `its last ${inRow} jobs`} failed for good${problem === undefined ? '' : `: ${problem}`}`
  })
}

function endOf(row: LedgerRow, { ends }: ScheduleSight): FireEnd | undefined {
  if (row.outcome !== 'fired' || row.jobId === undefined) return undefined
  const end = ends.get(row.jobId) ?? 'dropped'
  return end === 'dropped' ? 'succeeded' : end
}
