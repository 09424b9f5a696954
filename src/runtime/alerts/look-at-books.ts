import type { Incident } from '../../core/alerts/incident.ts'
import { type BooksSeen, type FaultSight, keyOf, type RunningSight } from '../../core/alerts/rules/books-seen.ts'
import type { AlertPolicy } from '../../core/alerts/rules/policy.ts'
import type { AlertRule } from '../../core/alerts/rule.ts'
import type { ScheduleState } from '../../core/schedule/schedule.ts'
import { isAlive, type NodeState } from '../../store/nodes.ts'
import type { Store } from '../../store/store.ts'
import type { Beginning, PassMemory } from './pass-memory.ts'
import { type Candidates, sightsOf } from './sights.ts'

/** The most rows of each kind that a pass reads. */
const MOST = 1_000
/** A channel is in trouble from this try of a notice on. */
const TRIES_IN_VAIN = 3
/** A process that reports a fault does so every 10 s. */
const REPORTED_MS = 35_000
const COUNT_EVERY_MS = 60_000

export interface Look extends Beginning {
  readonly store: Store
  readonly policy: AlertPolicy
  readonly now: number
  readonly leaseTtlMs: number
  readonly incidents: readonly Incident[]
}

/** Reads what the rules judge, in bounded reads. Returns it, and what is to be remembered of it. */
export async function lookAtBooks(look: Look): Promise<{ readonly seen: BooksSeen; readonly memory: PassMemory }> {
  const { store, now, from, memory, incidents, policy } = look
  const open = incidents.filter(({ resolvedAt }) => resolvedAt === undefined)
  const { nodes, ...cluster } = await readCluster(look)
  const work = await readWork(look)
  const depths = policy.queueDepth === undefined ? undefined : await depthsOf(store, memory.depths, now)
  const missed = await store.schedulesThatMissed(from, MOST)
  const candidates: Candidates = {
    open,
    missed,
    discards: work.discards,
    startless: work.startless,
    due: work.due.map(({ id }) => id),
    named: [...policy.schedules.keys()]
  }
  const { sights, isAll } = await sightsOf(store, candidates)
  const isShort = (rows: readonly unknown[]): boolean => rows.length < MOST
  const unsure = new Set<AlertRule>([
    ...(isShort(work.due) && isShort(work.startless) ? [] : (['not-started'] as const)),
    ...(isAll ? [] : (['missed', 'stale', 'failed', 'too-short'] as const)),
    ...(isShort(work.endless) ? [] : (['no-next-fire'] as const))
  ])
  const seen: BooksSeen = {
    now,
    from,
    calmFrom: memory.calmFrom,
    leaseTtlMs: look.leaseTtlMs,
    nodes,
    ...cluster,
    ...work,
    schedules: sights,
    orphans: await readOrphans(store, nodes),
    depths: depths === undefined ? undefined : new Map(depths.counts),
    clockJump: memory.jump,
    errors: reported(open, now),
    open: new Set(open.map(keyOf)),
    unsure
  }
  return { seen, memory: { ...memory, depths } }
}

async function readCluster({ store }: Look) {
  const [nodes, seats, nextDueAt, channels] = await Promise.all([
    store.listNodes(),
    store.listSeats(),
    store.nextDueAt(),
    store.troubledChannels(TRIES_IN_VAIN)
  ])
  const failing = channels.map(({ subject, since, why }) => ({ subject, since, why: `it sends nothing: ${why}` }))
  const seatSights = seats.map(({ holder, ...seat }) => ({ ...seat, isHeld: holder !== undefined }))
  return { nodes, seats: seatSights, nextDueAt, channels: failing }
}

async function readWork({ store, policy, now, from }: Look) {
  const shortest = Math.min(
    policy.limits.startWithinMs,
    ...[...policy.schedules.values()].map(own => own.startWithinMs ?? Infinity)
  )
  const isTimed = [policy.limits, ...policy.schedules.values()].some(({ runsAtMostMs }) => runsAtMostMs !== undefined)
  const { schedules } = await store.dueSchedules(MOST)
  const { lanes, pausedQueues } = await store.readWaiting()
  return {
    due: schedules.map(({ state }) => state),
    lanes,
    pausedQueues,
    startless: await store.startlessJobs(now - shortest, MOST),
    // A task that fails ends its incident when none was discarded for 10 minutes.
    discards: await store.discardedJobs(Math.min(from, now - 600_000), MOST),
    running: isTimed ? await readRunning(store) : [],
    endless: (await store.endlessSchedules(MOST)).map(({ state }) => state)
  }
}

async function readRunning(store: Store): Promise<RunningSight[]> {
  const { items } = await store.listJobs({ state: 'running' }, { limit: MOST })
  return items.flatMap(({ id, task, scheduleId, claimedAt }) =>
    claimedAt === undefined ? [] : [{ id, task, scheduleId, claimedAt }]
  )
}

async function readOrphans(store: Store, nodes: readonly NodeState[]): Promise<ScheduleState[]> {
  const apps = new Set(nodes.filter(isAlive).flatMap(({ declares }) => declares.map(({ app }) => app)))
  const pages = await Promise.all([...apps].map(app => store.listAside(app, { limit: MOST })))
  return pages.flatMap(({ items }) => items.map(({ state }) => state))
}

/** Counting costs most of all, so it is done seldom. */
async function depthsOf(store: Store, before: PassMemory['depths'], now: number): Promise<PassMemory['depths']> {
  if (before !== undefined && before.at <= now && before.at > now - COUNT_EVERY_MS) return before
  const queues = await store.listQueues()
  const counts = queues.map(({ queue, counts: { scheduled = 0, available = 0, retryable = 0 } }) => {
    return [queue, scheduled + available + retryable] as const
  })
  return { at: now, counts }
}

/** The reports of processes about themselves that they still repeat. */
const reported = (open: readonly Incident[], now: number): FaultSight[] =>
  open
    .filter(({ rule, seenAt }) => rule === 'error' && seenAt > now - REPORTED_MS)
    .map(({ subject, why, since }) => ({ subject, why, since }))
