import { NAMELESS, ownerInWords, ownerOf } from '../core/schedule/owners.ts'
import { digestOf } from '../core/schedule/register.ts'
import type { ScheduleState } from '../core/schedule/schedule.ts'
import { isAlive, type NodeState } from '../store/nodes.ts'
import type { Store } from '../store/store.ts'
import { allSchedules } from './all-schedules.ts'

const MAX_STRANGE = 3

/** Who owns the schedules, and what live processes declare about them. */
export interface OwnerFacts {
  /** No code of their app names them any more. Without removed ones. */
  readonly orphans: readonly { readonly id: string; readonly phase: string }[]
  /** Schedules of the app without a name that no live process names. */
  readonly unnamed: readonly string[]
  /** Removed for good, but named by a live process. */
  readonly keptRemoved: readonly string[]
  /** Live processes whose definitions differ from those in the books. */
  readonly differing: readonly {
    readonly process: string
    readonly release: number
    readonly scheduleIds: readonly string[]
  }[]
  /** Named by live processes of `app`, but owned by the code or the calls of the app `owner`. */
  readonly refused: readonly RefusedSchedule[]
  /** In words: sets of live processes without an app name, each with schedules that another lacks. */
  readonly strangers: readonly string[]
}

export interface RefusedSchedule {
  readonly scheduleId: string
  readonly app: string
  readonly owner: string
  readonly ownedBy: 'code' | 'calls'
}

/** A sentence without its end: `"shop" names the schedule loads, which belongs to the code of the app "harbour"`. */
export const refusedInWords = ({ scheduleId, app, owner, ownedBy }: RefusedSchedule): string =>
  `"${app}" names the schedule ${scheduleId}, which belongs to ${ownerInWords({ app: owner, by: ownedBy })}`

/** A set of schedules that live processes declare. */
interface LiveSet {
  readonly app: string
  readonly release: number
  /** The processes, as `host:pid`. */
  readonly processes: string[]
  readonly members: ReadonlyMap<string, string>
}

/** Finds who owns the schedules in the books, and where live processes declare something else. */
export async function gatherOwners(store: Store, nodes: readonly NodeState[]): Promise<OwnerFacts> {
  const sets = await liveSets(store, nodes)
  const nameless = sets.filter(({ app }) => app === NAMELESS)
  const orphans: { id: string; phase: string }[] = []
  const unnamed: string[] = []
  const keptRemoved: string[] = []
  const refused: RefusedSchedule[] = []
  const differing = new Map<LiveSet, string[]>()
  const compare = (set: LiveSet, state: ScheduleState): void => {
    if (state.phase === 'removed') return void (state.phaseBy === 'for-good' && keptRemoved.push(state.id))
    if (state.app !== set.app) return void refused.push(refusedOf(set, state))
    if (set.members.get(state.id) !== digestOf(state.definition))
      differing.set(set, [...(differing.get(set) ?? []), state.id])
  }
  for await (const { state } of allSchedules(store, { includeRemoved: true })) {
    const { id, phase, app } = state
    const naming = sets.filter(({ members }) => members.has(id))
    for (const set of naming) compare(set, state)
    if (phase === 'removed') continue
    if (state.orphanedAt !== undefined) orphans.push({ id, phase })
    if (app === NAMELESS && nameless.length > 0 && !naming.some(set => set.app === app)) unnamed.push(id)
  }
  return {
    orphans,
    unnamed,
    keptRemoved: [...new Set(keptRemoved)],
    refused: distinct(refused),
    differing: [...differing].map(([{ processes, release }, scheduleIds]) => ({
      process: processes.join(', '),
      release,
      scheduleIds
    })),
    strangers: strangersAmong(nameless)
  }
}

async function liveSets(store: Store, nodes: readonly NodeState[]): Promise<LiveSet[]> {
  const alive = nodes.filter(isAlive)
  const declared = alive.flatMap(({ host, pid, declares }) =>
    declares.filter(({ hash }) => hash !== '').map(each => ({ ...each, process: `${host}:${pid}` }))
  )
  const known = declared.length === 0 ? [] : await store.readSets(declared, { withMembers: true })
  const sets = new Map<string, LiveSet>()
  for (const { app, release, hash, process } of declared) {
    const key = JSON.stringify([app, release, hash])
    const members = known.find(each => each.app === app && each.hash === hash)?.members
    if (members === undefined) continue
    if (!sets.has(key)) sets.set(key, { app, release, processes: [], members: new Map(members) })
    sets.get(key)!.processes.push(process)
  }
  return [...sets.values()]
}

function refusedOf(set: LiveSet, state: ScheduleState): RefusedSchedule {
  const { app: owner, by: ownedBy } = ownerOf(state.app)
  return { scheduleId: state.id, app: set.app, owner, ownedBy }
}

const distinct = <T>(items: readonly T[]): T[] => [...new Map(items.map(item => [JSON.stringify(item), item])).values()]

/** Sets that each have a schedule which another lacks. A deployment that only adds or only drops does not look so. */
function strangersAmong(sets: readonly LiveSet[]): string[] {
  const lacksOf = (set: LiveSet, other: LiveSet): boolean => [...other.members.keys()].some(id => !set.members.has(id))
  return sets
    .filter(set => sets.some(other => lacksOf(set, other) && lacksOf(other, set)))
    .map(({ processes, members }) => {
      const ids = [...members.keys()]
      const more = ids.length > MAX_STRANGE ? ` and ${ids.length - MAX_STRANGE} more` : ''
      return `${processes.join(', ')} has ${ids.slice(0, MAX_STRANGE).join(', ')}${more}`
    })
}
