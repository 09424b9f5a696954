import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Report } from '../../bench/report.ts'

const main = join(import.meta.dirname, '../../bench/main.ts')

const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { encoding: 'utf8' })

// These use every contestant. Those that wait for a lease or look at an idle process take a minute more: the matrix has them.
const short = {
  cron: 'cron next, rare expressions',
  latency: 'pick-up by another process, p99'
}
const long = {
  drain: 'drain, one process, finished jobs kept',
  schedules: 'idle scheduler of 100,000 schedules, queries in 10 s',
  queues: 'PostgreSQL, 200 priorities × 2 tasks, drain',
  backlog: '2,000 future jobs of a higher priority, p99 of urgent jobs',
  recovery: 'a job of a killed process runs again'
}
const chosen: Readonly<Record<string, string>> =
  process.env['ESCAPEMENT_TEST_BENCHES'] === 'all' ? { ...short, ...long } : short

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

test('a name that is no bench is refused', () => {
  const { status, stdout, stderr } = bench('drians')
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain('there is no bench "drians"')
})
