import { bringBack, putAside } from '../../core/schedule/change.ts'
import { type Naming, ORPHAN_AFTER_MS, orphanDeed, type OrphanPolicy } from '../../core/schedule/orphans.ts'
import { type ReadSchedule, writeOf } from '../../store/schedules.ts'
import type { Store } from '../../store/store.ts'
import type { Emitter } from '../events/emitter.ts'

const ORPHAN_LOOK_EVERY_MS = 60_000
const AT_ONCE = 500

export interface OrphanOptions {
  readonly store: Store
  readonly events: Emitter
  readonly timezoneData: string
  readonly nodeId: () => string
}

interface App {
  readonly app: string
  readonly release: number
  readonly orphans: OrphanPolicy
}

/**
 * Checks the orphans of an app once: puts aside, under its policy, what no live process names, and brings back what one
 * names. Resolves with the milliseconds until the next check. If a process begins to name a schedule while it is being
 * put aside, this check or the next one, of any scheduler, corrects it.
 */
export async function tendOrphans({ app, release, orphans }: App, options: OrphanOptions): Promise<number> {
  const { store } = options
  const { registration, hasAside } = await store.readApp(app, '')
  if (!hasAside) return ORPHAN_LOOK_EVERY_MS
  // A lower release names what a higher one has dropped, and does not know the policy of the higher one.
  const policy = (registration?.release ?? 0) > release ? 'keep' : orphans
  const isAnyPutAside = await tendOnce(app, policy, options)
  if (isAnyPutAside) await tendOnce(app, 'keep', options)
  return ORPHAN_LOOK_EVERY_MS
}

async function tendOnce(app: string, policy: OrphanPolicy, options: OrphanOptions): Promise<boolean> {
  const { store } = options
  let namingOf: ((id: string) => Naming) | undefined
  let isAnyPutAside = false
  let cursor: string | undefined
  do {
    const page = await store.listAside(app, { limit: AT_ONCE, cursor })
    const candidates = page.items.filter(({ state }) => state.orphanedAt !== undefined || state.phaseBy === 'orphans')
    if (candidates.length > 0) {
      namingOf ??= await readNaming(store, app)
      isAnyPutAside = (await tendSome(candidates, { policy, namingOf }, options)) || isAnyPutAside
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  return isAnyPutAside
}

/** What the nodes of an app name and, as far as they are remembered, named. A set that is lost may name anything. */
async function readNaming(store: Store, app: string): Promise<(id: string) => Naming> {
  const nodes = await store.listNodes()
  const wanted = new Map(
    nodes.flatMap(({ declares }) => declares.filter(each => each.app === app && each.hash !== '')).map(s => [s.hash, s])
  )
  const sets = await store.readSets([...wanted.values()], { withMembers: true })
  const ids = new Map(sets.map(({ hash, members }) => [hash, members && new Set(members.map(([id]) => id))]))
  const namers = nodes.flatMap(({ phase, renewedAt, declares }) =>
    declares
      .filter(each => each.app === app && each.hash !== '')
      .map(({ hash }) => ({ isAlive: phase === 'alive', renewedAt, hash }))
  )
  return id => {
    const ofId = namers.filter(({ hash, isAlive }) => ids.get(hash)?.has(id) ?? isAlive)
    const seenAt = ofId.map(({ renewedAt }) => renewedAt)
    return {
      isNamed: ofId.some(({ isAlive }) => isAlive),
      lastNamedAt: seenAt.length === 0 ? undefined : Math.max(...seenAt)
    }
  }
}

const changes = {
  pause: (...[state, context]: Parameters<typeof bringBack>) => putAside(state, context, 'paused'),
  remove: (...[state, context]: Parameters<typeof bringBack>) => putAside(state, context, 'removed'),
  'bring-back': bringBack
}

/** Returns whether anything was put aside. A schedule that others write meanwhile waits for the next check. */
async function tendSome(
  candidates: readonly ReadSchedule[],
  { policy, namingOf }: { readonly policy: OrphanPolicy; readonly namingOf: (id: string) => Naming },
  { store, events, timezoneData, nodeId }: OrphanOptions
): Promise<boolean> {
  const now = await store.now()
  const deeds = candidates.flatMap(read => {
    const deed = orphanDeed(read.state, namingOf(read.state.id), { policy, now, afterMs: ORPHAN_AFTER_MS })
    return deed === undefined ? [] : [{ read, deed }]
  })
  if (deeds.length === 0) return false
  const answers = await (store.sparing ?? store).writeSchedules(
    deeds.map(({ read, deed }) => {
      const context = { now, liveJobs: read.liveJobs, timezoneData, node: nodeId() }
      return writeOf(read, changes[deed](read.state, context))
    })
  )
  const done = deeds.filter((_, index) => answers[index] === 'written')
  for (const deed of ['pause', 'remove', 'bring-back'] as const) {
    const scheduleIds = done.filter(each => each.deed === deed).map(({ read }) => read.state.id)
    if (scheduleIds.length === 0) continue
    if (deed === 'bring-back') events.emit('schedule.brought-back', { scheduleIds })
    else events.emit('schedule.put-aside', { scheduleIds, phase: deed === 'pause' ? 'paused' : 'removed' })
  }
  return done.some(({ deed }) => deed !== 'bring-back')
}
