import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { alertRules } from '../../src/core/alerts/rule.ts'
import type { Escapement } from '../../src/index.ts'
import { Cluster } from '../runtime/alerts/cluster.ts'
import { blocksOf, textOf, writePrograms } from './blocks.ts'

interface Program {
  readonly app: Escapement
  readonly told: readonly string[]
}

test('the guide has a row for each rule', () => {
  const rows = [...textOf('docs/guides/alerts.md').matchAll(/^\| `([a-z-]+)` \| /gm)].map(([, rule]) => rule)
  expect(rows).toEqual(alertRules)
})

test('the app of the guide tells of a schedule that fails', async () => {
  const { app, told } = (await import(join(writePrograms(blocksOf('alerts.md')), 'alerts.ts'))) as Program
  onTestFinished(() => app.stop())
  const { tasks, schedules, alerts } = app.settings
  const cluster = new Cluster({ channels: alerts.channels!, schedules: alerts.schedules! })
  cluster.lab.clock.set('2026-02-01T00:55:00Z')
  await cluster.node({ tasks, schedules })
  await cluster.pass(10 * 60_000)
  expect(told).toEqual([
    expect.stringContaining('failed nightly\nnightly: its last job failed for good: the bank is away')
  ])
  expect(told[0]).toContain('Since 2026-02-01 02:00:00 +01:00 Europe/Berlin (2026-02-01T01:00:00Z).')
})
