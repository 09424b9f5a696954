import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { task } from '../../src/core/job/task.ts'
import { schedule } from '../../src/core/schedule/declare.ts'
import { every } from '../../src/core/trigger/every.ts'
import { Scraper } from '../../src/metrics/scrape.ts'
import type { Store } from '../../src/store/store.ts'
import { emptyFolder } from '../cli/run-cli.ts'
import { Lab } from '../runtime/lab.ts'
import { programPath } from '../services/program.ts'

const folder = join(import.meta.dirname, '../../deploy/prometheus')
const file = (name: string): string => join(folder, name)

function promtool(args: readonly string[], input = ''): { status: number | null; said: string } {
  const { status, stdout, stderr, error } = spawnSync(programPath('promtool'), args, { encoding: 'utf8', input })
  if (error !== undefined) throw error
  return { status, said: stdout + stderr }
}

const often = task('often', { handler: () => undefined })
const broken = task('broken', {
  maxAttempts: 1,
  handler: () => {
    throw new Error('the crane')
  }
})
const waiting = task('"quoted" and\\slashed', { handler: () => undefined, queue: 'ä "queue"' })

/** Of books with everything in them. */
async function scrapeOfBusyBooks(): Promise<string> {
  const lab = new Lab()
  const schedules = [schedule('payroll', { task: often, trigger: every('10s') })]
  const node = await lab.started({ tasks: [often, broken], schedules })
  const store: Store = lab.store()
  for (const each of [often, broken]) await node.enqueuer.enqueue(each, null)
  lab.clock.set(lab.clock.now() + 10_500)
  await node.renew()
  await node.tick()
  await node.work()
  const vitals = { cpuSeconds: 1.5, rssBytes: 1e8, loopLagMs: 0.5, longestLagMs: 9, clockSkewMs: -3 }
  await node.renew()
  const [{ id } = { id: '' }] = await store.listNodes()
  await store.renew(id, { totals: [], tallies: [], vitals })
  await store.takeSeat({
    seat: 'primary',
    term: 1,
    holder: { id: 'ada', host: 'harbour', pid: 1 },
    ttlMs: 1_000,
    seen: undefined
  })
  const other = await lab.started({ tasks: [waiting] })
  await other.enqueuer.enqueue(waiting, null)
  await store.pauseQueue('ä "queue"', true)
  const scraper = new Scraper({ clock: lab.clock, version: '1.2.3', successWithin: new Map([['payroll', 60_000]]) })
  return scraper.scrape(store, 'prometheus')
}

const scrape = await scrapeOfBusyBooks()
/** The names that a scrape may have samples of. */
const names = new Set(Array.from(scrape.matchAll(/^(escapement_\w+)/gm), ([, name]) => name))

/** The metrics that an expression names. */
const namedIn = (text: string): string[] => Array.from(text.matchAll(/escapement_[a-z_]+/g), ([name]) => name)

test('promtool has nothing to say against a scrape, and does against a wrong one', () => {
  expect(names.size).toBeGreaterThan(30)
  expect(promtool(['check', 'metrics'], scrape)).toEqual({ status: 0, said: '' })
  expect(promtool(['check', 'metrics'], '# TYPE jobs_total gauge\njobs_total 1\n').status).not.toBe(0)
})

test('the configuration is one that Prometheus takes', () => {
  const config = readFileSync(file('prometheus.yml'), 'utf8')
  const copies = emptyFolder()
  const token = join(copies, 'token')
  writeFileSync(token, 'esc_secret')
  writeFileSync(join(copies, 'escapement-rules.yml'), readFileSync(file('escapement-rules.yml')))
  writeFileSync(join(copies, 'prometheus.yml'), config.replace('/etc/prometheus/escapement-token', token))
  const { status, said } = promtool(['check', 'config', join(copies, 'prometheus.yml')])
  expect(said).toContain('8 rules found')
  expect(status).toBe(0)
})

describe('alert rules', () => {
  const rules = readFileSync(file('escapement-rules.yml'), 'utf8')
  const tests = readFileSync(file('escapement-rules.test.yml'), 'utf8')

  test('their unit tests pass, and would notice a rule that is gone', () => {
    expect(promtool(['test', 'rules', file('escapement-rules.test.yml')])).toMatchObject({ status: 0 })
    const copies = emptyFolder()
    writeFileSync(join(copies, 'escapement-rules.yml'), rules.replace('== 0', '== 7'))
    writeFileSync(join(copies, 'tests.yml'), tests)
    expect(promtool(['test', 'rules', join(copies, 'tests.yml')]).status).not.toBe(0)
  })

  test('each fires, and is silent, in a unit test', () => {
    const alerts = Array.from(rules.matchAll(/alert: (\w+)/g), ([, name]) => name)
    expect(alerts).toHaveLength(8)
    for (const alert of alerts) {
      expect(tests, alert).toMatch(new RegExp(`alertname: ${alert}\\n +exp_alerts:`))
      expect(tests, alert).toContain(`alertname: ${alert} }`)
    }
  })

  test('they name metrics that are in a scrape', () => {
    expect(namedIn(rules).length).toBeGreaterThan(8)
    expect(namedIn(rules).filter(name => !names.has(name))).toEqual([])
  })
})

describe('the board', () => {
  interface Panel {
    readonly type: string
    readonly title: string
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
    readonly targets?: readonly { readonly expr: string }[]
  }
  interface Board {
    readonly panels: readonly Panel[]
    readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] }
  }
  const board = JSON.parse(readFileSync(file('grafana.json'), 'utf8')) as Board
  const expressions = [
    ...board.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...board.annotations.list.map(({ expr }) => expr)
  ]

  test('names metrics that are in a scrape, and shows each of them', () => {
    const named = new Set(expressions.flatMap(namedIn))
    expect([...named].filter(name => !names.has(name))).toEqual([])
    const families = [...names].map(name => name!.replace(/_(bucket|sum|count)$/, '_bucket'))
    expect([...new Set(families)].filter(name => !named.has(name))).toEqual([])
  })

  test('has its rows, and marks releases', () => {
    const rows = board.panels.filter(({ type }) => type === 'row').map(({ title }) => title)
    expect(rows).toEqual(['Promise', 'Work', 'Queues', 'Nodes and seats'])
    expect(board.annotations.list.map(({ name }) => name)).toContain('Releases')
  })

  test('its expressions are well formed', () => {
    const lines = expressions.map((expr, at) => {
      const plain = expr.replaceAll('$__rate_interval', '1m')
      return `      - { record: 'r${at}', expr: '${plain.replaceAll("'", "''")}' }`
    })
    const rules = join(emptyFolder(), 'rules.yml')
    writeFileSync(rules, ['groups:', '  - name: board', '    rules:', ...lines, ''].join('\n'))
    const { status, said } = promtool(['check', 'rules', rules])
    expect(said).toContain(`${expressions.length} rules found`)
    expect(status).toBe(0)
  })
})
