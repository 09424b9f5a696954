import type { Declaration } from '../../core/schedule/change.ts'
import { compareRanks, NAMELESS, type Standing } from '../../core/schedule/owners.ts'
import { digestOf } from '../../core/schedule/register.ts'
import type { KnownSet } from '../../store/declarations.ts'
import { type Declared, isAlive } from '../../store/nodes.ts'
import type { Registration } from '../../store/schedules.ts'
import type { Store } from '../../store/store.ts'

/** A set that another live process declares, with its number; 0: the books have lost it. */
interface Rival extends Declared {
  readonly number: number
  readonly members: ReadonlyMap<string, string> | undefined
}

/** What the other live processes declare, as far as it affects what this one declares for an app. */
export interface Others {
  readonly ofApp: readonly Declared[]
  /** Sets of processes whose app has no name. An app that got a name takes over from them. */
  readonly nameless: readonly Declared[]
  /** Changes when a process that declares another set comes or goes: one that came may have written and be gone. */
  readonly key: string
}

/** How this process ranks among them (rule 11). */
export interface Rivals {
  readonly isInForce: boolean
  standingOf(declaration: Declaration): Omit<Standing, 'isLook'>
}

export const NO_OTHERS: Others = { ofApp: [], nameless: [], key: '' }

interface Own extends Declared {
  readonly nodeId: string
}

const isSameSet = (a: Pick<Declared, 'app' | 'hash'>, b: Pick<Declared, 'app' | 'hash'>): boolean =>
  a.app === b.app && a.hash === b.hash

export async function readOthers(store: Store, { app, hash, nodeId }: Own): Promise<Others> {
  const declared = (await store.listNodes())
    .filter(node => isAlive(node) && node.id !== nodeId)
    .flatMap(({ id, declares }) => declares.filter(each => each.hash !== '').map(each => ({ id, ...each })))
  const ofApp = declared.filter(each => each.app === app && each.hash !== hash)
  const nameless = app === NAMELESS ? [] : declared.filter(each => each.app === NAMELESS)
  const key = [...ofApp, ...nameless].map(each => JSON.stringify([each.id, each.app, each.release, each.hash]))
  return { ofApp: distinct(ofApp), nameless: distinct(nameless), key: key.sort().join() }
}

/** Reads members only of sets that could say otherwise: of none, unless deployments differ. */
export async function readRivals(
  store: Store,
  own: Own,
  { ofApp, nameless }: Others,
  registration: Registration | undefined
): Promise<Rivals> {
  const { release } = own
  const equals = ofApp.filter(each => each.release === release)
  const number = equals.length === 0 ? 0 : ((await store.readSets([own]))[0]?.number ?? 0)
  const read = [...equals, ...nameless]
  const sets = read.length === 0 ? [] : await store.readSets(read, { withMembers: true })
  const rivals = equals.map(each => rivalOf(each, sets))
  const owners = nameless.map(each => rivalOf(each, sets))
  const newer = rivals.filter(rival => compareRanks(rival, { release, number }) > 0)
  const isOutranked = (registration?.release ?? 0) > release || ofApp.some(each => each.release > release)
  const isInForce = !isOutranked && newer.length === 0
  return {
    isInForce,
    standingOf: declaration => ({
      isInForce,
      isRivalled: newer.some(rival => differs(rival, declaration)),
      isContested: rivals.some(rival => differs(rival, declaration)),
      isHeldByOwner: owners.some(({ members }) => members?.has(declaration.id) ?? true)
    })
  }
}

function distinct(sets: readonly Declared[]): Declared[] {
  return sets.filter((set, at) => sets.findIndex(each => isSameSet(each, set) && each.release === set.release) === at)
}

function rivalOf(declared: Declared, sets: readonly KnownSet[]): Rival {
  const set = sets.find(each => isSameSet(each, declared))
  return { ...declared, number: set?.number ?? 0, members: set?.members && new Map(set.members) }
}

function differs({ members }: Rival, { id, definition }: Declaration): boolean {
  const digest = members?.get(id)
  return digest !== undefined && digest !== digestOf(definition)
}
