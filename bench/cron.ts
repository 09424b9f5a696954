import { CronExpressionParser } from 'cron-parser'
import { Cron } from 'croner'
import { cron } from '../src/core/trigger/cron/cron.ts'
import { median, type Bar } from './bar.ts'
import type { Run } from './run.ts'

const zones = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe']

const commonExpressions = [
  '* * * * *',
  '*/5 * * * *',
  '*/15 9-17 * * mon-fri',
  '0 * * * *',
  '0 */6 * * *',
  '0 0 * * *',
  '30 2 * * *',
  '0 9 * * 1-5',
  '0 0 * * 0',
  '0 0 1 * *'
]
const rareExpressions = ['0 0 1 1 *', '0 0 29 2 *', '0 0 L * *', '0 0 * * 5#2']

const from = Date.UTC(2026, 0, 1)
const randomSpanMs = 5 * 365 * 86_400_000

/** Calls per second over `calls` calls of `call`. */
type Measure = () => number

interface Calls {
  readonly ofOurs: number
  readonly ofPeers: number
}

interface Asked {
  zone: string
  expression: string
  common: boolean
}

interface Contest extends Asked {
  ours: Measure
  random: Measure
  croner: Measure | undefined
  cronParser: Measure | undefined
}

interface Result extends Asked {
  ours: number
  random: number
  croner: number
  cronParser: number
}

/**
 * Next fire times per second, each from the one before (and ours also from instants spread at random over five years),
 * ours and the peers' in turn in every round; the medians of the rounds count. Of each bar the worst expression and
 * zone.
 */
export async function cronBars({ rounds, isQuick }: Run): Promise<Bar[]> {
  const calls = isQuick ? { ofOurs: 100, ofPeers: 1 } : { ofOurs: 200_000, ofPeers: 100 }
  const contests = zones.flatMap(zone => [
    ...commonExpressions.map(expression => contest({ zone, expression, common: true }, calls)),
    ...rareExpressions.map(expression => contest({ zone, expression, common: false }, calls))
  ])
  for (const { ours, random } of contests) {
    ours()
    random()
  }
  const results: Result[] = contests.map(each => {
    const runs = Array.from({ length: rounds }, () => ({
      ours: each.ours(),
      croner: each.croner?.() ?? Number.NaN,
      random: each.random(),
      cronParser: each.cronParser?.() ?? Number.NaN
    }))
    const of = (key: 'ours' | 'random' | 'croner' | 'cronParser') => median(runs.map(run => run[key]))
    const { zone, expression, common } = each
    return {
      zone,
      expression,
      common,
      ours: of('ours'),
      random: of('random'),
      croner: of('croner'),
      cronParser: of('cronParser')
    }
  })
  return barsOf(results)
}

function barsOf(results: Result[]): Bar[] {
  const common = results.filter(result => result.common)
  const perZone = zones.map(zone =>
    absolute(
      `common expressions in ${zone}`,
      common.filter(result => result.zone === zone),
      'ours'
    )
  )
  return [
    ...perZone,
    absolute('common expressions from random instants', common, 'random'),
    absolute(
      'rare expressions',
      results.filter(result => !result.common),
      'ours'
    ),
    relative('common expressions', common, { peer: 'croner', bar: 200 }),
    relative('common expressions', common, { peer: 'cronParser', bar: 'for comparison' })
  ]
}

const perSecondBar = 3_000_000

function absolute(name: string, results: Result[], key: 'ours' | 'random'): Bar {
  const worst = results.reduce((a, b) => (b[key] < a[key] ? b : a))
  const ratio = worst[key] / perSecondBar
  return {
    name: `cron next, ${name}`,
    value: worst[key],
    unit: 'next/s',
    against: `3,000,000 next/s (slowest: ${worst.expression} in ${worst.zone})`,
    reference: perSecondBar,
    ratio,
    bar: 1,
    met: ratio >= 1
  }
}

function relative(
  name: string,
  results: Result[],
  { peer, bar }: { peer: 'croner' | 'cronParser'; bar: number | string }
): Bar {
  const ratioOf = (result: Result) => result.ours / result[peer]
  const worst = results.reduce((a, b) => (ratioOf(b) < ratioOf(a) ? b : a))
  const ratio = ratioOf(worst)
  const named = peer === 'croner' ? 'croner' : 'cron-parser'
  return {
    name: `cron next, ${name}, against ${named}`,
    value: worst.ours,
    unit: 'next/s',
    against: `${named} (least ratio: ${worst.expression} in ${worst.zone})`,
    reference: worst[peer],
    ratio,
    bar,
    met: typeof bar === 'string' || ratio >= bar
  }
}

function contest({ zone, expression, common }: Asked, { ofOurs, ofPeers }: Calls): Contest {
  const trigger = cron(expression, { timezone: zone })
  const instants = Array.from({ length: 4096 }, (_, index) => from + ((index * 2_654_435_761) % randomSpanMs))
  return {
    zone,
    expression,
    common,
    ours: () => {
      let at = from
      return perSecond(ofOurs, () => {
        const next = trigger.next(at)
        at = next === undefined || next > from + 20 * 365 * 86_400_000 ? from : next
      })
    },
    random: () => {
      let index = 0
      return perSecond(ofOurs, () => {
        trigger.next(instants[(index += 1) & 4095] ?? from)
      })
    },
    croner: common ? cronerMeasure(expression, zone, ofPeers) : undefined,
    cronParser: common ? cronParserMeasure(expression, zone, ofPeers) : undefined
  }
}

function cronerMeasure(expression: string, timezone: string, calls: number): Measure {
  const job = new Cron(expression, { timezone, paused: true })
  return () => {
    let at: Date | null = new Date(from)
    return perSecond(calls, () => {
      at = job.nextRun(at)
    })
  }
}

function cronParserMeasure(expression: string, tz: string, calls: number): Measure {
  return () => {
    const iterator = CronExpressionParser.parse(expression, { tz, currentDate: new Date(from) })
    return perSecond(calls, () => iterator.next())
  }
}

function perSecond(calls: number, call: () => void): number {
  const begun = performance.now()
  for (let count = 0; count < calls; count += 1) call()
  return (calls / (performance.now() - begun)) * 1000
}
