import { isOverdue } from '../../schedule/overdue.ts'
import { type NodeSight, type BooksSeen, renews } from './books-seen.ts'
import type { AlertPolicy } from './policy.ts'
import type { Truth } from '../rule.ts'

/** A restart takes less than this: what lasts longer is not one. */
const RESTART_MS = 60_000
/** A node that nobody has replaced is told of for a day. */
const UNREPLACED_MS = 86_400_000

/** Only while somebody has looked for long enough, and under a clock that is believed. */
const hasWatched = ({ now, calmFrom }: BooksSeen): boolean => calmFrom + RESTART_MS < now

/** No scheduler is alive, and something is to be decided. */
export function noScheduler(seen: BooksSeen): Truth[] {
  const { nodes, now, leaseTtlMs, nextDueAt } = seen
  const schedulers = nodes.filter(({ roles }) => roles.includes('scheduler'))
  if (nextDueAt === undefined || !hasWatched(seen)) return []
  if (schedulers.some(node => renews(node, now, leaseTtlMs))) return []
  const since = Math.max(0, ...schedulers.map(({ renewedAt }) => renewedAt)) || seen.calmFrom
  if (since + RESTART_MS >= now) return []
  const missed = isOverdue(nextDueAt, now) ? 'what is due is not decided' : 'nothing that comes due will be decided'
  return [
    { rule: 'no-scheduler', subject: 'scheduler', since, why: `no live process has the role of scheduler: ${missed}` }
  ]
}

/** A node that ended without leaving, until one with the same roles has started. */
export function nodesLost(seen: BooksSeen): Truth[] {
  const { nodes, now, leaseTtlMs } = seen
  if (!hasWatched(seen)) return []
  const isLost = (node: NodeSight): boolean =>
    node.phase === 'lost' || (node.phase === 'alive' && !renews(node, now, leaseTtlMs))
  const lost = nodes.filter(node => isLost(node) && isTimely(node, now))
  return lost
    .filter(node => !nodes.some(other => other.startedAt > node.renewedAt && hasRolesOf(other, node)))
    .map(({ host, pid, roles, renewedAt }) => ({
      rule: 'node-lost',
      subject: `${host}:${pid}`,
      since: renewedAt,
      why: `this process (${roles.join(', ')}) stopped renewing without leaving, and no other has started in its place`
    }))
}

/** Not before a restart would be over, so that the loss of the only scheduler is told as that alone. */
const isTimely = ({ renewedAt }: NodeSight, now: number): boolean =>
  renewedAt + RESTART_MS < now && renewedAt > now - UNREPLACED_MS

const hasRolesOf = (one: NodeSight, other: NodeSight): boolean =>
  one.phase !== 'lost' && other.roles.every(role => one.roles.includes(role))

/** Nobody has held a seat of the books for longer than a take-over lasts. */
export function vacantSeats(seen: BooksSeen): Truth[] {
  if (!hasWatched(seen)) return []
  return seen.seats
    .filter(({ isHeld, renewedAt, ttlMs }) => renewedAt + (isHeld ? ttlMs : 0) + RESTART_MS < seen.now)
    .map(({ seat, isHeld, renewedAt }) => ({
      rule: 'seat-vacant',
      subject: seat,
      since: renewedAt,
      why: isHeld ? 'its holder is silent, and no other took over' : 'nobody holds it'
    }))
}

/** A clock that jumped is told once as that; what it would make late is not. */
export const clockJumped = ({ clockJump }: BooksSeen): Truth[] =>
  clockJump === undefined
    ? []
    : [
        {
          rule: 'clock-jumped',
          subject: 'clock',
          since: clockJump.at,
          why: `the clock that decides what is due jumped by ${clockJump.byMs / 1_000} s`
        }
      ]

/** What processes and channels report of themselves. */
export const faults = ({ errors, channels }: BooksSeen, _policy: AlertPolicy): Truth[] => [
  ...errors.map((fault): Truth => ({ rule: 'error', ...fault })),
  ...channels.map((fault): Truth => ({ rule: 'channel-failing', ...fault }))
]
