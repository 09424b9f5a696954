import type { ScheduleDefinition } from '../../src/core/schedule/schedule.ts'
import { anyOf } from '../../src/core/trigger/any-of.ts'
import { at } from '../../src/core/trigger/at.ts'
import { calendarInterval } from '../../src/core/trigger/calendar-interval.ts'
import { cron } from '../../src/core/trigger/cron/cron.ts'
import { every } from '../../src/core/trigger/every.ts'
import { spread } from '../../src/core/trigger/spread.ts'
import type { Trigger, TriggerJson } from '../../src/core/trigger/trigger.ts'
import { Chance } from './chance.ts'

export const DAY_MS = 86_400_000
export const MONTH_MS = 30 * DAY_MS

/** Months in which many zones change: the Americas, Israel, Europe, Lord Howe, Australia, Chile; and all of them back. */
export const MONTHS = [Date.UTC(2026, 2, 7), Date.UTC(2026, 9, 3)] as const

const zones = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Jerusalem',
  'America/Santiago',
  'Asia/Beirut',
  'Antarctica/Troll',
  'Pacific/Auckland',
  'UTC'
]
const gaps = ['transition', 'skip', 'shift'] as const
const overlaps = ['first', 'last', 'both'] as const

type Draw = (chance: Chance, monthAt: number) => Trigger

const dst = (chance: Chance) => ({ gap: chance.pick(gaps), overlap: chance.pick(overlaps) })
const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const minute = (chance: Chance): number => chance.pick([0, 15, 30, 59])
const within = (chance: Chance, monthAt: number): number => monthAt + chance.below(MONTH_MS)

const daily: Draw = chance =>
  cron(`${minute(chance)} ${chance.below(4)} * * *`, { timezone: chance.pick(zones), dst: dst(chance) })
const weekly: Draw = chance =>
  cron(`${minute(chance)} ${chance.below(4)} * * ${chance.pick(['sun', 'sun', 'mon', 'sat'])}`, {
    timezone: chance.pick(zones),
    dst: dst(chance)
  })
const sundayQuarters: Draw = chance => cron(`*/20 1-3 ${chance.between(1, 28)} * *`, { timezone: chance.pick(zones) })
const rareCron: Draw = chance =>
  cron(chance.pick(['0 0 L * *', '30 2 15W * *', '5 0 * * sun#2', '@monthly']), { timezone: chance.pick(zones) })
const calendar: Draw = (chance, monthAt) =>
  calendarInterval({
    days: chance.between(3, 9),
    time: `0${chance.below(4)}:${chance.pick(['00', '30'])}`,
    timezone: chance.pick(zones),
    start: isoDay(monthAt - 5 * DAY_MS),
    dst: dst(chance)
  })
const days: Draw = chance => every(`${chance.between(20, 200)}h`)
/** Some dozen fire times close together: a node that sleeps through them finds a heap. */
const burst: Draw = (chance, monthAt) => {
  const start = within(chance, monthAt)
  const everyMs = chance.pick([1_000, 7_000, 60_000, 600_000])
  return every(everyMs, { start, end: start + chance.between(3, 15) * everyMs })
}
const once: Draw = (chance, monthAt) => at(within(chance, monthAt))
const mixed: Draw = (chance, monthAt) =>
  anyOf(weekly(chance, monthAt), once(chance, monthAt), calendar(chance, monthAt))
const scattered: Draw = (chance, monthAt) => spread(weekly(chance, monthAt), `schedule-${chance.below(200)}`, '90m')

const kinds: readonly (readonly [share: number, draw: Draw])[] = [
  [6, daily],
  [26, weekly],
  [5, sundayQuarters],
  [7, rareCron],
  [14, calendar],
  [14, days],
  [8, burst],
  [8, once],
  [5, mixed],
  [7, scattered]
]
const POOL = 600
/** The same for every seed, so that a seed stands for the same month whatever ran before it. */
const POOL_SEED = 1

function drawTrigger(chance: Chance, monthAt: number): Trigger {
  let drawn = chance.below(100)
  for (const [share, draw] of kinds) if ((drawn -= share) < 0) return draw(chance, monthAt)
  throw new Error('The shares of the kinds of triggers do not add up to 100.')
}

const pools = new Map<number, readonly TriggerJson[]>()

/** Triggers are drawn once for a process and month and shared by its seeds: parsing them anew would cost more than all the rest. */
function poolOf(monthAt: number): readonly TriggerJson[] {
  const known = pools.get(monthAt)
  if (known !== undefined) return known
  const chance = new Chance(POOL_SEED)
  const pool = Array.from({ length: POOL }, () => drawTrigger(chance, monthAt).toJSON())
  pools.set(monthAt, pool)
  return pool
}

/** Fires every second, always: only for a schedule that is paused for most of the month. */
export const everySecond: TriggerJson = every('1s').toJSON()

export function drawDefinition(chance: Chance, monthAt: number): ScheduleDefinition {
  const delivery = chance.in100(8) ? 'at-most-once' : 'at-least-once'
  return {
    task: delivery === 'at-most-once' ? 'once' : chance.pick(['scrape', 'mail']),
    trigger: chance.pick(poolOf(monthAt)),
    payload: null,
    queue: chance.pick(['default', 'slow']),
    priority: chance.pick([0, 0, -5, 10]),
    maxAttempts: 10,
    delivery,
    keepMs: chance.in100(20) ? 0 : 365 * DAY_MS,
    misfireGraceMs: chance.pick([null, null, 60_000, 3_600_000, 0]),
    coalesce: chance.pick(['latest', 'latest', 'earliest', 'all']),
    coalesceCap: chance.between(1, 20),
    overlap: chance.in100(25) ? 'allow' : 'skip',
    maxInstances: chance.pick([1, 1, 1, 3]),
    maxFires: chance.in100(10) ? chance.between(1, 5) : null,
    runAtStart: chance.in100(6)
  }
}
