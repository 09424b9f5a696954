import { register, type Registering } from './operator.ts'
import type { SimulatedProcess } from './process.ts'
import type { World } from './world.ts'

const SECOND_MS = 1_000
const HOUR_MS = 3_600 * SECOND_MS

/** How long a trouble lasts: seconds, within and beyond a lease; hours; days. */
const drawDurationMs = ({ chance }: World): number =>
  chance.between(1, chance.pick([12 * SECOND_MS, 40 * SECOND_MS, 600 * SECOND_MS, 6 * HOUR_MS, 48 * HOUR_MS]))

/** Something happens to a process in the middle of its work, and passes. */
export async function strike(world: World, process: SimulatedProcess): Promise<void> {
  if (process.state !== 'up') return
  switch (world.chance.below(6)) {
    case 0:
    case 1:
      return crash(world, process)
    case 2:
      return freeze(world, process, false)
    case 3:
      return freeze(world, process, true)
    case 4:
      return jump(world, process)
    default:
      process.gate.loseAnswerAfter(world.chance.below(6))
  }
}

/** Works on until it halts in the middle of it, or right after. */
async function halt(world: World, process: SimulatedProcess): Promise<void> {
  process.gate.shutAfter(world.chance.below(14))
  await process.run(() => process.step())
}

async function crash(world: World, process: SimulatedProcess): Promise<void> {
  await halt(world, process)
  process.crash()
  world.agenda.add(world.now + drawDurationMs(world), async () => {
    if (process.state === 'down') await start(world, process, { share: 4, isOld: world.chance.in100(25) })
  })
}

/** Starts a process, as at first or after a crash. */
export async function start(world: World, process: SimulatedProcess, registering: Registering): Promise<void> {
  await process.boot()
  await process.run(() => register(world, process.store, registering))
}

async function freeze(world: World, process: SimulatedProcess, isSuspended: boolean): Promise<void> {
  await halt(world, process)
  process.freeze()
  process.isSuspended = isSuspended
  world.agenda.add(world.now + drawDurationMs(world), async () => {
    if (process.state === 'frozen') await process.thaw()
  })
}

/** Its wall clock is wrong for a while, and set right again. */
function jump(world: World, process: SimulatedProcess): void {
  const { chance } = world
  const ms =
    chance.between(1, chance.pick([2 * SECOND_MS, 90 * SECOND_MS, HOUR_MS, 36 * HOUR_MS])) * chance.pick([1, -1])
  process.clock.jump(ms)
  world.agenda.add(world.now + drawDurationMs(world), () => process.clock.jump(world.now - process.clock.now()))
}
