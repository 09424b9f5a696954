import type { Declaration } from '../../core/schedule/change.ts'
import { EscapementError } from '../../core/errors.ts'
import type { Standing } from '../../core/schedule/owners.ts'
import {
  keepingSealed,
  planRegistration,
  type RegistrationOutcome,
  type RegistrationPlan
} from '../../core/schedule/register.ts'
import type { ScheduleState } from '../../core/schedule/schedule.ts'
import { type ReadSchedule, writeOf } from '../../store/schedules.ts'
import type { Store } from '../../store/store.ts'
import type { DeclaredSchedule } from './declared.ts'

const READ_AT_ONCE = 1_000
/** Batches under way at a time: one is read and planned while another is written. */
const BATCHES_AT_ONCE = 2
/** Others may write between our read and our write. Losing that often is next to impossible. */
const MAX_TRIES = 50

/** The result of one declaration. */
export interface Registered {
  readonly declaration: Declaration
  readonly outcome: RegistrationOutcome
  readonly contested: boolean
  /** The schedule as it was written. Undefined: nothing was written. */
  readonly written: ScheduleState | undefined
  /** Who had it before, as the books have it. */
  readonly owner: string | undefined
}

export interface RegisteringOptions {
  readonly store: Store
  readonly timezoneData: string
  readonly nodeId: () => string
  /** Creates the id of a run at start. Undefined: this is no start. */
  readonly newStartId: (() => string) | undefined
  readonly standingOf: (declaration: Declaration) => Standing
  /** Called for each declaration, after its write. */
  readonly onRegistered: (registered: Registered) => void
}

/** Writes declarations where they differ from the books, in batches. */
export async function registerAll(
  declarations: readonly DeclaredSchedule[],
  options: RegisteringOptions
): Promise<void> {
  let start = 0
  const oneByOne = async (): Promise<void> => {
    while (start < declarations.length) {
      const batch = declarations.slice(start, (start += READ_AT_ONCE))
      await registerSome(batch, options)
    }
  }
  const lines = Array.from({ length: BATCHES_AT_ONCE }, oneByOne)
  // If one line fails, the other one ends with its current batch.
  await Promise.all(lines).finally(() => (start = Number.POSITIVE_INFINITY))
}

async function registerSome(declarations: readonly DeclaredSchedule[], options: RegisteringOptions): Promise<void> {
  let open = declarations
  for (let tries = 0; open.length > 0 && tries < MAX_TRIES; tries++) open = await tryToRegister(open, options)
  if (open.length === 0) return
  const names = open.map(({ id }) => `"${id}"`).join(', ')
  throw new EscapementError(
    'store-busy',
    `The schedules ${names} could not be registered: others wrote them ${MAX_TRIES} times meanwhile.`
  )
}

/** Returns the declarations whose write lost a race: they are read and planned again. */
async function tryToRegister(
  declarations: readonly DeclaredSchedule[],
  options: RegisteringOptions
): Promise<DeclaredSchedule[]> {
  const { store, onRegistered } = options
  const { now, schedules } = await store.readSchedules(declarations.map(({ id }) => id))
  const byId = new Map(schedules.map(read => [read.state.id, read]))
  const planned = declarations.map(declaration => {
    const read = byId.get(declaration.id)
    return { declaration, read, plan: planOne(read, declaration, options, now) }
  })
  const writing = planned.filter(({ plan }) => plan.decision !== undefined)
  const answers =
    writing.length === 0
      ? []
      : await (store.sparing ?? store).writeSchedules(writing.map(({ read, plan }) => writeOf(read, plan.decision!)))
  const lost = new Set(
    writing.filter((_, index) => answers[index] !== 'written').map(({ declaration }) => declaration.id)
  )
  for (const { declaration, read, plan } of planned)
    if (!lost.has(declaration.id))
      onRegistered({ ...plan, declaration, owner: read?.state.app, written: plan.decision?.state })
  return declarations.filter(({ id }) => lost.has(id))
}

function planOne(
  read: ReadSchedule | undefined,
  given: DeclaredSchedule,
  options: RegisteringOptions,
  now: number
): RegistrationPlan {
  const { timezoneData, nodeId, newStartId, standingOf } = options
  const standing = standingOf(given)
  const declaration = withSealedKept(given, read, standing)
  const context = { now, liveJobs: read?.liveJobs ?? 0, timezoneData, node: nodeId(), standing }
  const runsAtStart = declaration.definition.runAtStart || read?.state.definition.runAtStart
  return planRegistration(read?.state, declaration, context, runsAtStart ? newStartId?.() : undefined)
}

/**
 * A set of schedules does not tell how its payloads differ from those of another process, so that only a start may
 * replace a sealed one, not each look.
 */
function withSealedKept(
  { isKeptAs, ...declaration }: DeclaredSchedule,
  read: ReadSchedule | undefined,
  { isLook }: Standing
): Declaration {
  const stays = isKeptAs !== undefined && isLook ? () => true : isKeptAs
  return { ...declaration, definition: keepingSealed(declaration.definition, read?.state.definition, stays) }
}
