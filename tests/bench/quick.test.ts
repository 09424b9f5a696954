import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Report } from '../../bench/report.ts'

const main = join(import.meta.dirname, '../../bench/main.ts')

const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { encoding: 'utf8' })

// Between them they use every contestant and every part that the other benches are put together from.
const chosen = {
  cron: 'cron next, rare expressions',
  drain: 'drain, one process, finished jobs kept',
  latency: 'pick-up by another process, p99',
  schedules: 'idle scheduler of 100,000 schedules, queries in 10 s',
  queues: 'PostgreSQL, 200 priorities × 2 tasks, drain',
  http: 'SQLite, schedules, 50 with strips of 30, p99',
  backlog: '2,000 future jobs of a higher priority, p99 of urgent jobs',
  recovery: 'a job of a killed process runs again'
}

test('the benches measure, and write nothing but their report to standard output', { timeout: 900_000 }, () => {
  const { stdout, stderr, status } = bench(...Object.keys(chosen), '--quick', '--json')
  expect(status, stderr).toBe(0)
  const { ranOn, rounds, bars } = JSON.parse(stdout) as Report
  expect({ ranOn, rounds }).toEqual({
    ranOn: `Node ${process.versions.node}, SQLite ${process.versions['sqlite']}`,
    rounds: 1
  })
  expect(bars.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.values(chosen)))
  // So short a run may end before an urgent job was sent.
  const measured = bars.filter(({ name }) => !name.endsWith('p99 of urgent jobs'))
  expect(measured.filter(({ value, reference }) => !Number.isFinite(value) || !Number.isFinite(reference))).toEqual([])
})

test('a commit is built and measured beside this checkout', { timeout: 900_000 }, () => {
  const { stdout, stderr, status } = bench('against', '--commit', 'HEAD', '--quick', '--json')
  expect(status, stderr).toBe(0)
  const { bars } = JSON.parse(stdout) as Report
  expect(bars).toHaveLength(10)
  expect(bars.filter(({ value, reference }) => !(value > 0 && reference > 0))).toEqual([])
})

test('a name that is no bench is refused', () => {
  const { status, stdout, stderr } = bench('drians')
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain('there is no bench "drians"')
})
