import { beforeAll, describe, expect, test } from 'vitest'
import { cron } from '../../../../src/core/trigger/cron/cron.ts'
import type { LocalTrigger } from '../../../../src/core/trigger/trigger.ts'
import type { DstPolicy } from '../../../../src/core/trigger/zone/dst.ts'
import { firesOfLocal, firesOfLocals, type ExpectedFire } from '../local-rule.ts'
import { randomFrom, seed } from '../seed.ts'
import { readChanges, zoneNames, type OffsetChange, type ZoneChanges } from './zone-changes.ts'

const day = 86_400
const begin = 0
const end = Date.UTC(2038, 0, 1) / 1000
/** The widest move of clocks is a day: this far on each side sees everything that a change can touch. */
const reach = day + 7200
const random = randomFrom(seed)

/** Seconds on a free core; a busy machine may take several times as long. */
const slow = 900_000
let zones: ZoneChanges[] = []
beforeAll(() => {
  zones = zoneNames.map(zone => readChanges(zone, begin, end))
}, slow)

interface Entry {
  expression: string
  timesOfDay: number[]
  wildcard: boolean
  /** The only local day of the year that matches; every day when undefined. */
  only?: number
}

/** Entries whose local times lie in and around what a change skips or repeats. */
function entriesAt({ at, before, after }: OffsetChange): Entry[] {
  const [from, to] = [at + Math.min(before, after), at + Math.max(before, after)]
  const inside = mod(from + random.below(to - from), day)
  const [hour, minute, second] = [Math.floor(inside / 3600), Math.floor(inside / 60) % 60, inside % 60]
  const hours = [hour, (hour + 1) % 24, (hour + 3) % 24]
  const wrapped = (hour + 4) % 24
  const all = range(24)
  const only = Math.floor(from / day) + random.below(2)
  const date = new Date(only * day * 1000)
  const dated = `${date.getUTCDate()} ${date.getUTCMonth() + 1} *`
  return [
    { ...entry(`${minute} ${hour} ${dated}`, [hour], [minute], [0]), only },
    { ...entry(`0 ${hours.join(',')} ${dated}`, hours, [0], [0]), only },
    entry(`${minute} ${hour} * * *`, [hour], [minute], [0]),
    entry(`${second} ${minute} ${hour} * * *`, [hour], [minute], [second]),
    entry(`0,30 ${hours.join(',')} * * *`, hours, [0, 30], [0]),
    entry(
      `*/20 ${minute} ${(hour + 23) % 24}-${wrapped} * * *`,
      all.filter(each => (each - hour + 25) % 24 <= 5),
      [minute],
      [0, 20, 40]
    ),
    { ...entry(`*/15 * * * *`, all, [0, 15, 30, 45], [0]), wildcard: true },
    {
      ...entry(
        `${minute} */2 * * *`,
        all.filter(each => each % 2 === 0),
        [minute],
        [0]
      ),
      wildcard: true
    },
    { ...entry(`${second} * ${hour} * * *`, [hour], range(60), [second]), wildcard: true }
  ]
}

function entry(expression: string, hours: number[], minutes: number[], seconds: number[]): Entry {
  const timesOfDay = hours.flatMap(hour =>
    minutes.flatMap(minute => seconds.map(second => hour * 3600 + minute * 60 + second))
  )
  return { expression, timesOfDay, wildcard: false }
}

function policiesFor({ before, after }: OffsetChange): DstPolicy[] {
  if (after > before) return (['transition', 'skip', 'shift'] as const).map(gap => ({ gap, overlap: 'first' }))
  return (['first', 'last', 'both'] as const).map(overlap => ({ gap: 'transition', overlap }))
}

interface Case {
  trigger: LocalTrigger
  change: OffsetChange
  /** (from, to] in seconds, and the fires that have to lie in it. */
  from: number
  to: number
  expected: ExpectedFire[]
  what: string
}

/** Says everything that is needed to see the case again. */
function check(zone: string, change: OffsetChange, entry: Entry, dst: DstPolicy): void {
  const days = range(6).map(index => Math.floor(change.at / day) + index - 3)
  const matching = days.filter(each => entry.only === undefined || entry.only === each)
  const locals = matching.flatMap(each => entry.timesOfDay.map(time => each * day + time))
  const fires = firesOfLocals(locals, change, entry.wildcard ? { gap: 'skip', overlap: 'both' } : dst)

  const [from, to] = [Math.max(0, change.at - reach), change.at + reach]
  const expected = fires.filter(fire => fire.at > from && fire.at <= to)
  const what = `${zone} ${entry.expression} ${JSON.stringify(dst)} at ${new Date(change.at * 1000).toISOString()}`
  const trigger = cron(entry.expression, { timezone: zone, dst })
  const one: Case = { trigger, change, from, to, expected, what: `${what}, seed ${seed}` }
  checkEveryFire(one)
  checkAround(one)
  if (entry.only !== undefined && fires.length > 0 && change.at > 400 * day) checkFromFar(one, fires)
}

function checkEveryFire({ trigger, from, to, expected, what }: Case): void {
  const forth: number[] = []
  for (let at = trigger.next(from * 1000); at !== undefined && at <= to * 1000; at = trigger.next(at)) {
    if (forth.push(at) > expected.length) break
  }
  const back: number[] = []
  for (let at = trigger.previous(to * 1000 + 1); at !== undefined && at > from * 1000; at = trigger.previous(at)) {
    if (back.push(at) > expected.length) break
  }
  const explained = forth.map(at => ({ at: at / 1000, transition: trigger.explain(at).transition }))
  const same = explained.every(({ at, transition }, index) => {
    return at === expected[index]?.at && transition === expected[index].transition
  })
  if (!same || explained.length !== expected.length) expect.soft(textOf(explained), what).toBe(textOf(expected))
  if (back.toReversed().join() !== forth.join()) expect.soft(back.toReversed(), `previous: ${what}`).toEqual(forth)
}

function checkAround({ trigger, change, from, to, expected, what }: Case): void {
  const width = Math.abs(change.after - change.before)
  for (const middle of [from + random.below(to - from), change.at - 1, change.at + random.below(width)]) {
    const before = expected.filter(fire => fire.at <= middle)
    const right = [expected.length, before.length, expected.length - before.length]
    const ends = [from, middle, to].map(second => second * 1000) as [number, number, number]
    const counts = [trigger.count(ends[0], ends[2]), trigger.count(ends[0], ends[1]), trigger.count(ends[1], ends[2])]
    if (counts.join() !== right.join()) expect.soft(counts, `counts by ${middle}: ${what}`).toEqual(right)
    // Asked from far away first, so that what the trigger remembers lies on the other side of the change.
    const around = [before.at(-1)?.at, expected[before.length]?.at].map(second => second && second * 1000)
    trigger.next(ends[2] - day * 1000)
    const next = around[1] && trigger.next(ends[1])
    trigger.previous(ends[0] + day * 1000)
    const found = [around[0] && trigger.previous(ends[1] + 1), next]
    if (found.join() !== around.join()) expect.soft(found, `around ${middle}: ${what}`).toEqual(around)
  }
}

/** An entry of one date a year is found from far away, over steady stretches. */
function checkFromFar({ trigger, change, what }: Case, fires: ExpectedFire[]): void {
  const far = [fires.at(-1)!.at, fires[0]!.at].map(second => second * 1000)
  const leapt = [trigger.previous((change.at + 300 * day) * 1000), trigger.next((change.at - 300 * day) * 1000)]
  if (leapt.join() !== far.join()) expect.soft(leapt, `from 300 days away: ${what}`).toEqual(far)
}

function textOf(fires: { at: number; transition: unknown }[]): string {
  return fires.map(fire => `${new Date(fire.at * 1000).toISOString()} ${String(fire.transition)}`).join('\n')
}

describe(`every time zone (seed ${seed})`, () => {
  test('changes of offset lie at least six days apart and move clocks by a day at most', () => {
    const near = zones.flatMap(({ zone, changes }) =>
      changes
        .filter((change, index) => change.at - (changes[index - 1]?.at ?? -Infinity) < 6 * day)
        .map(change => [zone, change])
    )
    const wide = zones.flatMap(({ zone, changes }) =>
      changes.filter(({ before, after }) => Math.abs(after - before) > day).map(change => [zone, change])
    )
    expect({ near, wide }).toEqual({ near: [], wide: [] })
  })

  test(
    'around every change the fires are those of the rules, forth, back, counted and explained',
    { timeout: slow },
    () => {
      const seen = new Set<string>()
      for (const { zone, changes } of zones) {
        for (const change of changes) {
          const policies = policiesFor(change)
          // Zones share most changes: every entry the first time, then any one; the policy by lot. The few that move clocks
          // by hours get them all, several times.
          const wide = Math.abs(change.after - change.before) > 3 * 3600
          const known = !wide && seen.size === seen.add(`${change.at} ${change.before}`).size
          for (let round = 0; round < (wide ? 12 : 1); round += 1) {
            const entries = entriesAt(change)
            const chosen = known ? entries.splice(random.below(entries.length), 1) : entries
            for (const each of chosen) {
              const lot = random.below(3)
              for (const dst of wide ? policies : policies.slice(lot, lot + 1)) check(zone, change, each, dst)
            }
          }
        }
      }
      expect(seen.size).toBeGreaterThan(2000)
    }
  )

  test(
    'a daily entry fires once for each date under the default rules, a skipped date at the end of its gap',
    { timeout: slow },
    () => {
      for (const time of ['0 0', `${random.below(60)} ${random.below(24)}`]) {
        const [minute = 0, hour = 0] = time.split(' ').map(Number)
        for (const { zone, firstOffset, changes } of time === '0 0'
          ? zones
          : zones.filter(() => random.below(4) === 0)) {
          const trigger = cron(`${time} * * *`, { timezone: zone })
          const expected = fireOfEachDate(hour * 3600 + minute * 60, firstOffset, changes)
          let at = expected[0]! * 1000 - 1
          let wrong: string | undefined
          for (const fire of expected) {
            at = trigger.next(at) ?? -1
            if (at === fire * 1000) continue
            wrong = `${zone} ${time}: ${new Date(at).toISOString()} instead of ${new Date(fire * 1000).toISOString()}`
            break
          }
          if (wrong) expect.soft(wrong).toBeUndefined()
          const counted = trigger.count(expected[0]! * 1000 - 1, expected.at(-1)! * 1000)
          if (counted !== expected.length) expect.soft(counted, zone).toBe(expected.length)
        }
      }
    }
  )
})

/** One fire for each local date of the years 1970 to 2037, in order; dates of one instant are one. */
function fireOfEachDate(timeOfDay: number, firstOffset: number, changes: OffsetChange[]): number[] {
  const fires: number[] = []
  let index = 0
  for (let local = 2 * day + timeOfDay; local < end - 2 * day; local += day) {
    while (index + 1 < changes.length && changes[index]!.at + reach + day < local) index += 1
    const change = changes[index] ?? { at: Infinity, before: firstOffset, after: firstOffset }
    const plain = local - (local < change.at ? change.before : change.after)
    const near = Math.abs(local - change.at) < reach
    const fire = near ? firesOfLocal(local, change, { gap: 'transition', overlap: 'first' })[0]?.at : plain
    if (fire !== undefined && fire !== fires.at(-1)) fires.push(fire)
  }
  return fires
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index)
}

function mod(value: number, size: number): number {
  return ((value % size) + size) % size
}
