import { isOverdue } from '../core/schedule/overdue.ts'
import { shownPhase } from '../core/schedule/schedule.ts'
import { isAhead } from '../core/schedule/undecide.ts'
import { isAlive, type NodeState } from '../store/nodes.ts'
import type { QueueState, TaskBacklog } from '../store/reading.ts'
import type { Store } from '../store/store.ts'
import { allSchedules } from './all-schedules.ts'
import { unknownTasks } from './nodes.ts'
import { gatherOwners, type OwnerFacts } from './owners.ts'

/** The state of scheduling in three small reads. Any process can report it for all. */
export interface Pulse {
  /** The store's time. */
  readonly now: number
  /** All live nodes, and those that ended recently. */
  readonly nodes: readonly NodeState[]
  /** How many live nodes are schedulers. */
  readonly schedulers: number
  /** The earliest next fire time of all schedules. */
  readonly nextFireAt: number | undefined
  readonly isOverdue: boolean
}

export async function readPulse(store: Store): Promise<Pulse> {
  const [now, nextFireAt, nodes] = await Promise.all([store.now(), store.nextDueAt(), store.listNodes()])
  const schedulers = nodes.filter(node => isAlive(node) && node.roles.includes('scheduler')).length
  return { now, nodes, schedulers, nextFireAt, isOverdue: nextFireAt !== undefined && isOverdue(nextFireAt, now) }
}

/** The pulse, and facts that need a look at every schedule. */
export interface Status extends Pulse {
  /** The store's clock minus this host's, in milliseconds, if they are different clocks. */
  readonly clockSkewMs: number | undefined
  readonly schedules: ScheduleCounts
  /** The first of the paused schedules of which a person has said why. */
  readonly pauseNotes: readonly PauseNote[]
  readonly owners: OwnerFacts
  readonly queues: readonly QueueState[]
  /** Tasks with unfinished jobs that no live node would run. */
  readonly unknownTasks: readonly TaskBacklog[]
}

export interface PauseNote {
  readonly scheduleId: string
  readonly note: string
  readonly pausedAt: number
}

const MAX_NOTES = 20

export interface ScheduleCounts {
  readonly active: number
  readonly paused: number
  readonly ended: number
  readonly orphaned: number
  readonly overdue: number
  /** Decided until a future instant. */
  readonly ahead: number
}

export async function readStatus(store: Store): Promise<Status> {
  const pulse = await readPulse(store)
  const { now, nodes } = pulse
  return {
    ...pulse,
    clockSkewMs: await store.clockSkewMs?.(),
    ...(await lookAtSchedules(store, now)),
    owners: await gatherOwners(store, nodes),
    queues: await store.listQueues(),
    unknownTasks: unknownTasks(await store.taskBacklogs(), nodes)
  }
}

async function lookAtSchedules(store: Store, now: number): Promise<Pick<Status, 'schedules' | 'pauseNotes'>> {
  const pauseNotes: PauseNote[] = []
  const counts = { active: 0, paused: 0, ended: 0, orphaned: 0, overdue: 0, ahead: 0 }
  for await (const { state } of allSchedules(store)) {
    const phase = shownPhase(state)
    if (phase !== 'removed') counts[phase] += 1
    if (isAhead(state, now)) counts.ahead += 1
    if (state.pauseNote !== undefined && pauseNotes.length < MAX_NOTES)
      pauseNotes.push({ scheduleId: state.id, note: state.pauseNote, pausedAt: state.validFrom })
    if (state.orphanedAt !== undefined) counts.orphaned += 1
    if (state.nextFireAt !== undefined && isOverdue(state.nextFireAt, now)) counts.overdue += 1
  }
  return { schedules: counts, pauseNotes }
}
