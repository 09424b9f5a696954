import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Report } from '../../bench/report.ts'

const main = join(import.meta.dirname, '../../bench/main.ts')

function bench(...args: string[]) {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { encoding: 'utf8' })
}

test('every bench measures something, and writes nothing but its report to standard output', () => {
  const { stdout, stderr, status } = bench('all', '--quick', '--json')
  expect(status, stderr).toBe(0)
  const { rounds, bars } = JSON.parse(stdout) as Report
  expect(rounds).toBe(1)
  expect(bars.filter(({ value, reference }) => !Number.isFinite(value) || !Number.isFinite(reference))).toEqual([])
  expect(new Set(bars.map(({ name }) => name.split(/[ ,]/)[0]))).toEqual(
    new Set([
      'cron',
      'drain',
      'enqueue',
      '1',
      '10',
      'register',
      'idle',
      'start',
      'pick-up',
      'backlog',
      '2',
      'beside',
      'a'
    ])
  )
})

test('a name that is no bench is refused', () => {
  const { status, stdout, stderr } = bench('drians')
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain('there is no bench "drians"')
})
