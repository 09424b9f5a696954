import { describe, expect, test } from 'vitest'
import { type ProcessPlan, planProcesses, rollOrder } from '../../../src/launcher/master/plan.ts'
import { type Role, roles } from '../../../src/settings/kinds/roles.ts'
import type { Topology } from '../../../src/settings/kinds/topologies.ts'

const counts = { web: 2, workers: 0, schedulers: 1 }
const words = (plans: readonly ProcessPlan[]): string[] => plans.map(plan => `${plan.name}: ${plan.roles.join(' ')}`)
const plan = (topology: Topology, more: object = {}, chosen: readonly Role[] = roles): string[] =>
  words(planProcesses({ ...counts, topology, ...more }, chosen))

describe('the processes of a topology', () => {
  test('single: one that does everything', () => {
    expect(plan('single', { web: 1 })).toEqual(['app.1: web scheduler worker'])
  })

  test.each(['everywhere', 'primary'] as const)('%s: each web process has every role', topology => {
    expect(plan(topology)).toEqual(['web.1: web scheduler worker', 'web.2: web scheduler worker'])
  })

  test('dedicated: web processes that only serve, and one that does the rest', () => {
    expect(plan('dedicated')).toEqual(['web.1: web', 'web.2: web', 'scheduler.1: scheduler worker'])
  })

  test('fleet: each role by itself', () => {
    expect(plan('fleet', { web: 1, workers: 2, schedulers: 2 })).toEqual([
      'web.1: web',
      'scheduler.1: scheduler',
      'scheduler.2: scheduler',
      'worker.1: worker',
      'worker.2: worker'
    ])
  })

  test('workers are added to any but single', () => {
    expect(plan('primary', { workers: 1 }).at(-1)).toBe('worker.1: worker')
    expect(plan('dedicated', { workers: 1, web: 0 })).toEqual(['scheduler.1: scheduler worker', 'worker.1: worker'])
  })
})

describe('the roles that a start carries', () => {
  test('leave each process with those of its own, and start none that is left with nothing', () => {
    expect(plan('single', {}, ['web'])).toEqual(['app.1: web'])
    expect(plan('dedicated', {}, ['web'])).toEqual(['web.1: web', 'web.2: web'])
    expect(plan('dedicated', {}, ['scheduler', 'worker'])).toEqual(['scheduler.1: scheduler worker'])
    expect(plan('dedicated', {}, ['web', 'worker'])).toEqual(['web.1: web', 'web.2: web', 'scheduler.1: worker'])
    expect(plan('fleet', { workers: 2 }, ['worker'])).toEqual(['worker.1: worker', 'worker.2: worker'])
    expect(plan('everywhere', {}, ['worker'])).toEqual(['web.1: worker', 'web.2: worker'])
  })
})

test('a roll replaces those who run jobs before those who make them', () => {
  const plans = planProcesses({ topology: 'fleet', web: 1, workers: 2, schedulers: 1 }, roles)
  expect(rollOrder(plans).map(({ name }) => name)).toEqual(['worker.1', 'worker.2', 'scheduler.1', 'web.1'])
})
