import { createHash } from 'node:crypto'
import type { Declaration } from '../core/change.ts'
import { EscapementError } from '../core/errors.ts'
import { planRegistration, type RegistrationPlan } from '../core/register.ts'
import type { ReadSchedule } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'
import type { Emitter } from './emitter.ts'
import { writeOf } from './scheduler.ts'

const READ_AT_ONCE = 1_000
/** Batches under way at a time: one is read and planned while another is written. */
const BATCHES_AT_ONCE = 2
/** Somebody else writes between our read and our write; it would take a strange crowd to lose so often. */
const MOST_TRIES = 50

export interface RegistrarOptions {
  readonly store: Store
  readonly events: Emitter
  readonly app: string
  readonly release: number
  readonly timezoneData: string
  readonly nodeId: () => string
  readonly newId: () => string
}

/** Writes what the app's code declares, where it differs from the books, and bears the runs at start (rules 5 and 11). */
export async function register(declarations: readonly Declaration[], options: RegistrarOptions): Promise<void> {
  const { store, events, app, release } = options
  const ids = declarations.map(declaration => declaration.id)
  const hash = hashOf(declarations)
  const known = await store.readRegistration(app)
  const isKnown = known?.hash === hash && known.release === release
  const concerned = isKnown ? declarations.filter(({ definition }) => definition.runAtStart) : declarations
  const counts = {
    created: 0,
    changed: 0,
    unchanged: declarations.length - concerned.length,
    outranked: [] as string[]
  }
  await registerAll(concerned, options, counts)
  if (!isKnown) {
    const orphaned = await store.writeRegistration({ app, release, hash }, ids)
    if (orphaned.length > 0) events.emit('schedule.orphaned', { scheduleIds: orphaned })
  }
  events.emit('schedule.registered', counts)
}

/** Of the texts as they are: should it differ without a difference, then every schedule is compared, and found to be the same. */
function hashOf(declarations: readonly Declaration[]): string {
  const hash = createHash('sha256')
  for (const { id, definition } of declarations) hash.update(JSON.stringify([id, definition]))
  return hash.digest('hex')
}

interface Counts {
  created: number
  changed: number
  unchanged: number
  readonly outranked: string[]
}

async function registerAll(
  declarations: readonly Declaration[],
  options: RegistrarOptions,
  counts: Counts
): Promise<void> {
  let start = 0
  const oneByOne = async (): Promise<void> => {
    while (start < declarations.length) {
      const batch = declarations.slice(start, (start += READ_AT_ONCE))
      await registerSome(batch, options, counts)
    }
  }
  const lines = Array.from({ length: BATCHES_AT_ONCE }, oneByOne)
  // Whatever fails, the other line ends with the batch that it has begun.
  await Promise.all(lines).finally(() => (start = Number.POSITIVE_INFINITY))
}

async function registerSome(
  declarations: readonly Declaration[],
  options: RegistrarOptions,
  counts: Counts
): Promise<void> {
  let open = declarations
  for (let tries = 0; open.length > 0 && tries < MOST_TRIES; tries++) open = await tryToRegister(open, options, counts)
  if (open.length === 0) return
  const names = open.map(({ id }) => `"${id}"`).join(', ')
  throw new EscapementError(
    'store-busy',
    `The schedules ${names} could not be registered: others wrote them ${MOST_TRIES} times meanwhile.`
  )
}

/** Answers the declarations whose write met somebody else's: they are read and planned anew. */
async function tryToRegister(
  declarations: readonly Declaration[],
  options: RegistrarOptions,
  counts: Counts
): Promise<Declaration[]> {
  const { store } = options
  const { now, schedules } = await store.readSchedules(declarations.map(({ id }) => id))
  const byId = new Map(schedules.map(read => [read.state.id, read]))
  const planned = declarations.map(declaration => {
    const read = byId.get(declaration.id)
    return { declaration, read, plan: planOne(read, declaration, { ...options, now }) }
  })
  const writing = planned.filter(({ plan }) => plan.decision !== undefined)
  const answers = await (store.sparing ?? store).writeSchedules(
    writing.map(({ read, plan }) => writeOf(read, plan.decision!))
  )
  const lost = new Set(
    writing.filter((_, index) => answers[index] !== 'written').map(({ declaration }) => declaration.id)
  )
  for (const { declaration, plan } of planned)
    if (!lost.has(declaration.id)) count(declaration, plan, options.events, counts)
  return declarations.filter(({ id }) => lost.has(id))
}

function planOne(
  read: ReadSchedule | undefined,
  declaration: Declaration,
  options: RegistrarOptions & { now: number }
): RegistrationPlan {
  const { now, timezoneData, nodeId, newId } = options
  const context = { now, liveJobs: read?.liveJobs ?? 0, timezoneData, node: nodeId() }
  const runsAtStart = declaration.definition.runAtStart || read?.state.definition.runAtStart
  return planRegistration(read?.state, declaration, context, runsAtStart ? newId() : undefined)
}

function count(declaration: Declaration, plan: RegistrationPlan, events: Emitter, counts: Counts): void {
  if (plan.outcome === 'outranked') counts.outranked.push(declaration.id)
  else counts[plan.outcome]++
  if (plan.contested) events.emit('schedule.contested', { scheduleId: declaration.id, release: declaration.release })
}
