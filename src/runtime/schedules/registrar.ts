import { allPages } from '../../store/pages/all-pages.ts'
import { isSealed } from '../../core/payload/sealed.ts'
import { NAMELESS, ownerOf } from '../../core/schedule/owners.ts'
import { triggerOf } from '../../core/trigger/trigger-cache.ts'
import type { Declared } from '../../store/nodes.ts'
import type { AppRecord, ReadSchedule } from '../../store/schedules.ts'
import type { Store } from '../../store/store.ts'
import { type AppDeclarations, type Brought, declaredBy, type DeclaredSchedule, membersOf } from './declared.ts'
import type { Emitter } from '../events/emitter.ts'
import { registerAll, type Registered } from './registering.ts'
import { NO_OTHERS, type Others, readOthers, readRivals, type Rivals } from './rivals.ts'

const ASIDE_AT_ONCE = 500
/** Follows the hash of an incomplete registration: the next start compares it again. */
const PARTLY = '+'

export interface RegistrarOptions {
  readonly store: Store
  readonly events: Emitter
  readonly timezoneData: string
  readonly nodeId: () => string
  readonly newId: () => string
}

/** The last comparison of what this process declares for an app with the books. */
interface Stand {
  /** Declarations that differ from the books, and why. */
  readonly differing: ReadonlyMap<string, Registered>
  /** Identifies the registration and the other live processes at that time. */
  readonly key: string
  readonly rivals: Rivals
}

/**
 * Brings what the code of this process declares into the books, where it may (rule 11): at the start, together with the
 * runs at start (rule 5), and again as other processes come and go.
 */
export class Registrar {
  readonly #options: RegistrarOptions
  readonly #stands = new Map<string, Stand>()
  readonly #warned = new Map<string, string>()
  /** What the books knew of each app when it was published. */
  readonly #published = new Map<string, AppRecord>()
  #all: readonly AppDeclarations[] = []
  /** Those that have a say. */
  #apps: readonly AppDeclarations[] = []

  constructor(options: RegistrarOptions) {
    this.#options = options
  }

  get apps(): readonly AppDeclarations[] {
    return this.#apps
  }

  /** As the node's row in the books shows it. */
  get declares(): Declared[] {
    return this.#all.map(each => ({
      app: each.app,
      release: each.release,
      hash: this.#apps.includes(each) ? each.hash : ''
    }))
  }

  /**
   * Publishes what the process declares from now on. A process that registers nothing publishes only apps of which it
   * names schedules.
   */
  async publish(all: readonly Brought[], { registers }: { readonly registers: boolean }): Promise<void> {
    const declared = declaredBy(all)
    const apps = declared.filter(({ declarations }) => registers || declarations.length > 0)
    for (const each of apps) this.#published.set(each.app, await this.#readKept(each))
    this.#all = declared
    this.#apps = apps
  }

  async register(): Promise<void> {
    for (const each of this.#apps) await this.#registerAtStart(each)
  }

  /** Compares again when another set is registered, comes or goes. Until then two small reads show that none did. */
  async look(): Promise<void> {
    for (const each of this.#apps) await this.#lookAt(each)
  }

  /** Reads what the books know of an app, and makes sure that they know the set. */
  async #readKept({ app, hash, declarations }: AppDeclarations): Promise<AppRecord> {
    const { store } = this.#options
    const record = await store.readApp(app, hash)
    if (!record.knowsSet) await store.keepSet({ app, hash, members: membersOf(declarations) })
    return record
  }

  async #registerAtStart(own: AppDeclarations): Promise<void> {
    const { declarations } = own
    const record = this.#published.get(own.app)!
    const aside = record.hasAside ? await this.#readAside(own.app) : []
    const asideIds = new Set(aside.map(({ state }) => state.id))
    const isKnown = isRegistered(own, record)
    const concerned = isKnown
      ? declarations.filter(
          ({ id, definition }) => definition.runAtStart || asideIds.has(id) || isSealed(definition.payload)
        )
      : declarations
    // One read shows that there is nothing to do. The first look sees the others.
    const isNothing = isKnown && concerned.length === 0
    const others = isNothing ? NO_OTHERS : await readOthers(this.#options.store, this.#ownOf(own))
    const rivals = await this.#rivalsOf(own, others, record)
    const { counts, orphaned } = await this.#compare(own, concerned, { record, others, rivals, isLook: false })
    counts.unchanged += declarations.length - concerned.length
    const named = new Set(declarations.map(({ id }) => id))
    const orphans = aside.filter(({ state }) => state.orphanedAt !== undefined && !named.has(state.id))
    this.#tellOrphans(own, [...new Set([...orphans.map(({ state }) => state.id), ...orphaned])])
    this.#options.events.emit('schedule.registered', counts)
  }

  async #lookAt(own: AppDeclarations): Promise<void> {
    const record = await this.#readKept(own)
    const stand = this.#stands.get(own.app)
    const others = await readOthers(this.#options.store, this.#ownOf(own))
    const isNews = stand?.key !== keyOf(record, others)
    if (!isNews && stand.differing.size === 0) return
    const rivals = isNews ? await this.#rivalsOf(own, others, record) : stand.rivals
    const concerned = isNews ? own.declarations : own.declarations.filter(({ id }) => stand.differing.has(id))
    const { counts, orphaned } = await this.#compare(own, concerned, { record, others, rivals, isLook: true })
    this.#tellOrphans(own, orphaned)
    if (counts.created + counts.changed > 0) this.#options.events.emit('schedule.registered', counts)
  }

  #ownOf({ app, release, hash }: AppDeclarations): Declared & { readonly nodeId: string } {
    return { app, release, hash, nodeId: this.#options.nodeId() }
  }

  #rivalsOf(own: AppDeclarations, others: Others, { registration }: AppRecord): Promise<Rivals> {
    return readRivals(this.#options.store, this.#ownOf(own), others, registration)
  }

  /**
   * Writes the declarations that differ from the books, where that is allowed. Before the first write, the registration
   * is marked as incomplete. So others that declare something else look, and so does the next start, even after a
   * crash.
   */
  async #compare(own: AppDeclarations, concerned: readonly DeclaredSchedule[], against: Against): Promise<Compared> {
    const { store } = this.#options
    const { record, others, rivals } = against
    const { app, release, hash, declarations } = own
    const isBegun = record.registration?.release === release && record.registration.hash === hash + PARTLY
    const mayWrite = rivals.isInForce && !isRegistered(own, record)
    if (mayWrite && !isBegun) await store.writeRegistration({ app, release, hash: hash + PARTLY }, undefined)
    const { counts, differing } = await this.#registerEach(concerned, against)
    const isWhole = mayWrite && differing.size === 0
    const registration = isWhole ? { app, release, hash } : { app, release, hash: hash + PARTLY }
    // An app without a name can't know which schedules in the books were its own: nothing is marked.
    const marks = app !== NAMELESS
    const ids = declarations.map(({ id }) => id)
    const isNews = mayWrite && (isWhole || !isBegun || !against.isLook)
    const orphaned = isNews ? await store.writeRegistration(registration, ids, { marks }) : []
    // The key of the earlier registration: an older process may have written between the comparison and this
    // registration. So the next look sees a change, and compares once more.
    this.#stands.set(app, { differing, rivals, key: keyOf(record, others) })
    this.#tellDiffering(own, differing)
    if (!against.isLook && counts.removed.length > 0)
      this.#options.events.emit('schedule.kept-removed', { app, scheduleIds: counts.removed })
    return { counts, orphaned }
  }

  async #registerEach(
    concerned: readonly DeclaredSchedule[],
    { rivals, isLook }: Against
  ): Promise<{ counts: Counts; differing: Map<string, Registered> }> {
    const { store, events, timezoneData, nodeId, newId } = this.#options
    const counts: Counts = { created: 0, changed: 0, unchanged: 0, outranked: [], held: [], refused: [], removed: [] }
    const differing = new Map<string, Registered>()
    await registerAll(concerned, {
      store,
      timezoneData,
      nodeId,
      newStartId: isLook ? undefined : newId,
      standingOf: declaration => ({ ...rivals.standingOf(declaration), isLook }),
      onRegistered: registered => {
        const { declaration, outcome, contested } = registered
        tellEnded(registered, events)
        const { id, release } = declaration
        if (outcome === 'created' || outcome === 'changed' || outcome === 'unchanged') counts[outcome]++
        else counts[outcome].push(id)
        if (outcome === 'outranked' || outcome === 'held' || outcome === 'refused') differing.set(id, registered)
        if (contested) events.emit('schedule.contested', { scheduleId: id, release })
      }
    })
    return { counts, differing }
  }

  async #readAside(app: string): Promise<ReadSchedule[]> {
    const aside: ReadSchedule[] = []
    const { store } = this.#options
    for await (const read of allPages(cursor => store.listAside(app, { limit: ASIDE_AT_ONCE, cursor })))
      aside.push(read)
    return aside
  }

  #tellOrphans({ app, orphans: policy }: AppDeclarations, scheduleIds: readonly string[]): void {
    const { events } = this.#options
    if (scheduleIds.length === 0) return
    if (app === NAMELESS) events.emit('schedule.unnamed', { scheduleIds })
    else events.emit('schedule.orphaned', { app, scheduleIds, policy })
  }

  /** Warns once per change; `escapement status` and `doctor` always show it. */
  #tellDiffering({ app, release }: AppDeclarations, differing: ReadonlyMap<string, Registered>): void {
    const { events } = this.#options
    const all = [...differing.values()]
    const text = all
      .map(({ declaration, outcome, owner }) => JSON.stringify([declaration.id, outcome, owner]))
      .sort()
      .join()
    if (this.#warned.get(app) === text) return
    this.#warned.set(app, text)
    const scheduleIds = all.filter(({ outcome }) => outcome !== 'refused').map(({ declaration }) => declaration.id)
    if (scheduleIds.length > 0) events.emit('schedule.differs', { app, release, scheduleIds })
    for (const { declaration, outcome, owner: stored } of all) {
      if (outcome !== 'refused') continue
      const { app: owner, by: ownedBy } = ownerOf(stored!)
      events.emit('schedule.refused', { scheduleId: declaration.id, app, owner, ownedBy })
    }
  }
}

/** Reports at once a schedule that was written, never fired and never will: nothing else ever mentions it. */
function tellEnded({ outcome, written: state }: Registered, events: Emitter): void {
  if (state === undefined || (outcome !== 'created' && outcome !== 'changed')) return
  if (state.phase !== 'active' || state.nextFireAt !== undefined || state.fires > 0) return
  const lastFireAt = triggerOf(state.definition.trigger).previous(state.decidedUntil + 1)
  events.emit('schedule.ended', { scheduleId: state.id, lastFireAt })
}

interface Counts {
  created: number
  changed: number
  unchanged: number
  readonly outranked: string[]
  readonly held: string[]
  readonly refused: string[]
  readonly removed: string[]
}

interface Against {
  readonly record: AppRecord
  readonly others: Others
  readonly rivals: Rivals
  /** Not a start: nothing that a person removed comes back, and nothing runs. */
  readonly isLook: boolean
}

interface Compared {
  readonly counts: Counts
  /** Schedules that no code of the app names any more, as far as found now. */
  readonly orphaned: readonly string[]
}

const isRegistered = ({ hash, release }: AppDeclarations, { registration }: AppRecord): boolean =>
  registration?.hash === hash && registration.release === release

const keyOf = ({ registration }: Pick<AppRecord, 'registration'>, { key }: Others): string =>
  JSON.stringify([registration?.release, registration?.hash, key])
