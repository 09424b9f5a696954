import { createJob, type Declaration, pause, remove, resume } from '../../src/core/schedule/change.ts'
import type { Decision, DecisionContext } from '../../src/core/schedule/decide.ts'
import { planRegistration } from '../../src/core/schedule/register.ts'
import type { ScheduleState } from '../../src/core/schedule/schedule.ts'
import { timezoneData } from '../../src/core/trigger/timezone-data.ts'
import { writeOf } from '../../src/store/schedules.ts'
import type { Store } from '../../src/store/store.ts'
import { drawDefinition, everySecond } from './definitions.ts'
import type { World } from './world.ts'

export const SCHEDULES = 200
/** These fire every second, and are paused but for moments. */
const EVERY_SECOND = 3
const ENOUGH_TRIES = 100

type Change = (before: ScheduleState | undefined, context: DecisionContext) => Decision | undefined

const idOf = (number: number): string => `schedule-${number}`
const everySecondIds = new Set(Array.from({ length: EVERY_SECOND }, (_, index) => idOf(index)))

/** Reads, decides and writes, again and again until nobody else was faster. */
async function change(store: Store, id: string, decideChange: Change): Promise<void> {
  for (let tries = 0; tries < ENOUGH_TRIES; tries++) {
    const { now, schedules } = await store.readSchedules([id])
    const read = schedules[0]
    const context = { now, liveJobs: read?.liveJobs ?? 0, timezoneData, node: 'operator' }
    const decision = decideChange(read?.state, context)
    if (decision === undefined) return
    if ((await store.writeSchedules([writeOf(read, decision)]))[0] === 'written') return
  }
  throw new Error(`${id} could not be changed in ${ENOUGH_TRIES} tries.`)
}

const living =
  (how: (before: ScheduleState, context: DecisionContext) => Decision | undefined): Change =>
  (before, context) =>
    before === undefined || before.phase === 'removed' ? undefined : how(before, context)

const registering =
  (declaration: Declaration, startJobId?: string): Change =>
  (before, context) =>
    planRegistration(before, declaration, context, startJobId).decision

/** Gives code a first word on every schedule. */
export function declareAll({ chance, declared, startAt }: World): void {
  for (let number = 0; number < SCHEDULES; number++) {
    const id = idOf(number)
    const drawn = drawDefinition(chance, startAt)
    const restless = { ...drawn, trigger: everySecond, maxFires: null, runAtStart: false, coalesceCap: 1 }
    declared.set(id, { id, definition: everySecondIds.has(id) ? restless : drawn, app: 'harbour', release: 1 })
  }
}

export interface Registering {
  /** In percent, of the schedules without a run at start: looking at all of them anew at each start would cost the most of a month. */
  readonly share: number
  /** Its code is that of an older release. */
  readonly isOld: boolean
}

/** What a process does as it starts: it registers what its code declares, be it the newest release or an older one. */
export async function register(world: World, store: Store, { share, isOld }: Registering): Promise<void> {
  const { chance, declared } = world
  for (const declaration of declared.values()) {
    if (!declaration.definition.runAtStart && !chance.in100(share)) continue
    const release = isOld ? declaration.release - 1 : declaration.release
    const definition = isOld ? drawDefinition(chance, world.startAt) : declaration.definition
    await change(
      store,
      declaration.id,
      registering({ ...declaration, definition, release }, jobIdOf(world, declaration.id))
    )
  }
}

const jobIdOf = (world: World, id: string): string => `by-hand-${id}-${world.nextNumber()}`

export async function pauseRestless({ trueStore }: World): Promise<void> {
  for (const id of everySecondIds) await change(trueStore, id, living(pause))
}

/** One change by an operator or a deployment, through the given process; what it undoes later stands in the agenda. */
export async function operate(world: World, store: Store): Promise<void> {
  const { chance, agenda, trueStore, now } = world
  const id = idOf(chance.between(EVERY_SECOND, SCHEDULES - 1))
  const later = now + chance.pick([5_000, 3_600_000, 86_400_000, 5 * 86_400_000])
  switch (chance.below(7)) {
    case 0:
      agenda.add(later, () => change(trueStore, id, living(resume)))
      return change(store, id, living(pause))
    case 1:
      agenda.add(later, () => declareAnew(world, id, trueStore))
      world.declared.delete(id)
      return change(store, id, living(remove))
    case 2: {
      const restless = chance.pick([...everySecondIds])
      agenda.add(now + 20_000, () => change(trueStore, restless, living(pause)))
      return change(trueStore, restless, living(resume))
    }
    case 3:
      return change(
        store,
        id,
        living((before, context) => createJob(before, context, { id: jobIdOf(world, id), origin: 'manual' }))
      )
    default:
      return declareAnew(world, id, store)
  }
}

function declareAnew(world: World, id: string, store: Store): Promise<void> {
  const definition = drawDefinition(world.chance, world.startAt)
  const declaration = { id, definition, app: 'harbour', release: world.nextNumber() }
  world.declared.set(id, declaration)
  return change(store, id, registering(declaration))
}
