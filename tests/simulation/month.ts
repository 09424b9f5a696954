import { findingsOf } from './findings.ts'
import { start, strike } from './faults.ts'
import { declareAll, operate, pauseRestless } from './operator.ts'
import type { SimulatedProcess } from './process.ts'
import type { Tally } from './witness.ts'
import { type Sabotage, World } from './world.ts'

const FAULTS = 14
const CHANGES = 30
/** After this many events a month has lost its way: ten times what a seed takes. */
const MAX_EVENTS = 20_000
/** Nothing lasts longer than the longest handler, tried again, and a job created by a clock that was ahead. */
const MAX_DRAIN_MS = 10 * 86_400_000

export interface MonthReport {
  readonly findings: readonly string[]
  readonly tally: Tally
}

/** Lives through the month of a seed, from event to event, and looks at the books at its end. */
export async function simulateMonth(seed: number, sabotage?: Sabotage): Promise<MonthReport> {
  const world = new World(seed, sabotage)
  declareAll(world)
  await startAll(world)
  planTroubles(world)
  const isWhole = (await live(world, world.endAt)) && (await drain(world))
  const findings = await findingsOf(world)
  return {
    findings: isWhole ? findings : ['The month did not come to its end.', ...findings],
    tally: world.witness.tally
  }
}

/** All at once, as in a deployment. */
async function startAll(world: World): Promise<void> {
  await Promise.all(
    world.processes.map((process, index) => start(world, process, { share: index === 0 ? 100 : 30, isOld: false }))
  )
  await pauseRestless(world)
  world.noteFirstStart()
}

function planTroubles(world: World): void {
  const { agenda, chance, startAt, endAt } = world
  const sometime = (): number => chance.between(startAt + 1, endAt - 1)
  for (let left = FAULTS; left > 0; left--) agenda.add(sometime(), () => strikeSoon(world))
  for (let left = CHANGES; left > 0; left--)
    agenda.add(sometime(), async () => {
      const through = chance.pick(world.processes)
      await Promise.all([through.run(() => operate(world, through.store)), stepSome(world)])
    })
  if (chance.in100(30))
    agenda.add(sometime(), () =>
      Promise.all(world.processes.map(process => strike(world, process))).then(() => undefined)
    )
}

/** Mostly at the next fire time: a fault hurts most where there is something to do. */
function strikeSoon(world: World): void {
  const { agenda, books, chance, now } = world
  const at = chance.in100(80) ? Math.max(now, books.due.first?.nextFireAt ?? now) : now
  agenda.add(at, () => strike(world, chance.pick(world.processes)))
}

/** True when the instant was reached in a bearable number of events. */
async function live(world: World, endAt: number): Promise<boolean> {
  for (let events = 0; events < MAX_EVENTS; events++) {
    const at = world.nextAt(true)
    if (at >= endAt) return true
    await happen(world, at)
    await stepSome(world)
  }
  return false
}

async function happen(world: World, at: number): Promise<void> {
  const isRound = world.isTroubled
  world.moveTo(at)
  await world.agenda.actUntil(at)
  for (const process of world.up) await process.run(() => process.finishDue())
  if (isRound) await together(world.up, process => process.round())
}

/** Mostly one process is first; now and then all come at the same time. */
async function stepSome(world: World): Promise<void> {
  const { chance, up } = world
  const latest = Math.max(...up.map(({ clock }) => clock.now()))
  const first = up.filter(({ clock }) => clock.now() === latest)
  const chosen = chance.in100(85) && first.length > 0 ? [chance.pick(first)] : up
  await together(chosen, process => process.step())
}

async function together(
  processes: readonly SimulatedProcess[],
  work: (process: SimulatedProcess) => Promise<void>
): Promise<void> {
  await Promise.all(processes.map(process => process.run(() => work(process))))
}

/** The troubles are over: every clock is right, every process runs, and what was begun comes to its end. */
async function drain(world: World): Promise<boolean> {
  world.moveTo(world.endAt)
  for (const process of world.processes) {
    process.clock.jump(world.now - process.clock.now())
    if (process.state === 'frozen') await process.thaw()
    if (process.state === 'down') await start(world, process, { share: 0, isOld: false })
  }
  await world.trueScheduler.tick()
  for (let events = 0; world.books.unfinished.size > 0 && events < MAX_EVENTS; events++) {
    const at = world.nextAt(false)
    if (at > world.endAt + MAX_DRAIN_MS) return false
    await happen(world, at)
    await together(world.up, process => process.work())
  }
  return world.books.unfinished.size === 0
}
