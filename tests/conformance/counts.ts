import { expect } from 'vitest'
import { reportedKinds } from '../../src/core/counts/total.ts'
import type { LedgerRow } from '../../src/core/schedule/ledger.ts'
import type { ScheduleState } from '../../src/core/schedule/schedule.ts'
import type { NodeReport } from '../../src/store/nodes.ts'
import type { PruneRequest } from '../../src/store/reading.ts'
import type { ScheduleWrite } from '../../src/store/schedules.ts'
import type { Store } from '../../src/store/store.ts'
import { creation, fireWrite, guardOf, jobId, ledgerRow, nodeRecord, scheduleState, timelineRow } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testCounts(suite: Suite): void {
  testFires(suite)
  testUndecided(suite)
  testGoneNodes(suite)
  testReports(suite)
}

const at = (minute: number): number => START + minute * 60_000
export const nothingToPrune: PruneRequest = {
  ledgerBefore: 0,
  unsuccessfulBefore: 0,
  nodesBefore: 0,
  auditBefore: 0,
  limit: 100
}

/** By kind, name and outcome. */
export async function totalsOf(store: Store): Promise<Record<string, number>> {
  const totals = await store.readTotals()
  return Object.fromEntries(totals.map(({ kind, name, outcome, n }) => [[kind, name, outcome].join(' ').trim(), n]))
}

const run = (first: number, last: number, over: Partial<LedgerRow> = {}): LedgerRow =>
  ledgerRow({ fireAt: at(first), lastFireAt: at(last), count: last - first + 1, outcome: 'coalesced', ...over })

function decision(state: ScheduleState, ledger: readonly LedgerRow[]): ScheduleWrite {
  const decidedUntil = ledger.at(-1)!.lastFireAt
  const after = { ...state, decidedUntil, nextFireAt: decidedUntil + 60_000 }
  const ofIt = ledger.map(row => ({ ...row, scheduleId: state.id }))
  return { guard: guardOf(state), state: after, ledger: ofIt, jobs: [], timeline: [] }
}

function testFires({ test }: Suite): void {
  test('totals of fire times: by what was decided, a run with as many as it has, over all nodes', async ({ store }) => {
    const [a, b] = [scheduleState({ id: 'a' }), scheduleState({ id: 'b' })]
    expect(await store.readTotals()).toEqual([])
    await store.writeSchedules([creation(a), creation(b)])
    expect(await store.readTotals()).toEqual([])
    const first = decision(a, [run(1, 4), ledgerRow({ fireAt: at(5) })])
    await store.writeSchedules([first, decision(b, [run(1, 2, { outcome: 'paused', node: 'node-b' })])])
    await store.writeSchedules([decision(first.state, [run(6, 7, { node: 'node-b' })])])
    expect(await store.readTotals()).toEqual([
      { kind: 'fire', name: '', outcome: 'coalesced', n: 6 },
      { kind: 'fire', name: '', outcome: 'fired', n: 1 },
      { kind: 'fire', name: '', outcome: 'paused', n: 2 }
    ])
  })

  test('totals of fire times: a refused write counts nothing, beside others that count', async ({ store }) => {
    const states = ['a', 'b', 'c'].map(id => scheduleState({ id }))
    await store.writeSchedules(states.map(creation))
    const [a, b, c] = states.map((state, index) => fireWrite(state, { id: jobId(index + 1) }))
    const stale = { ...b!, guard: { ...b!.guard!, revision: 9 } }
    expect(await store.writeSchedules([a!, stale, c!])).toEqual(['written', 'conflict', 'written'])
    expect(await totalsOf(store)).toEqual({ 'fire  fired': 2 })
    expect(await store.writeSchedules([a!, c!])).toEqual(['conflict', 'conflict'])
    expect(await totalsOf(store)).toEqual({ 'fire  fired': 2 })
  })

  test('totals of fire times: a write whose job is there already counts nothing', async ({ store }) => {
    const states = ['a', 'b'].map(id => scheduleState({ id }))
    await store.writeSchedules(states.map(creation))
    const writes = states.map(state => fireWrite(state, { id: jobId(1) }))
    expect(await store.writeSchedules(writes)).toEqual(['written', 'conflict'])
    expect(await totalsOf(store)).toEqual({ 'fire  fired': 1 })
  })

  test('totals of fire times: those of an imported ledger are counted, each part once', async ({ store }) => {
    const parts = [run(1, 4), ledgerRow({ fireAt: at(5) }), run(6, 7)].map((row, number) => ({
      exportId: 'the-export',
      number,
      records: { ledger: [row] }
    }))
    for (const part of [...parts, parts[2]!]) expect(await store.importPart(part)).toBe('taken')
    expect(await totalsOf(store)).toEqual({ 'fire  coalesced': 6, 'fire  fired': 1 })
  })

  test('totals of fire times: they stay when the ledger is pruned', async ({ store }) => {
    await store.writeSchedules([{ ...creation(scheduleState()), ledger: [run(1, 4)] }])
    await store.prune({ ...nothingToPrune, ledgerBefore: at(99) })
    expect(await totalsOf(store)).toEqual({ 'fire  coalesced': 4 })
  })
}

function testUndecided({ test }: Suite): void {
  /** Decided until the tenth minute; then taken back to the fourth, beside other writes. */
  async function undecided(store: Store, ...others: readonly ScheduleWrite[]): Promise<void> {
    const state = scheduleState()
    const ahead = [ledgerRow(), run(2, 9), ledgerRow({ fireAt: at(10) }), run(11, 12, { outcome: 'misfired' })]
    const decided = decision(state, ahead)
    await store.writeSchedules([creation(state)])
    await store.writeSchedules([decided])
    const after = { ...decided.state, revision: 2, decidedUntil: at(4), validFrom: at(4), firedAhead: [at(10)] }
    const ledger = [run(2, 4), ledgerRow({ fireAt: at(10), decidedAt: at(4) })]
    const shared = { guard: guardOf(decided.state), state: after, jobs: [], timeline: [timelineRow(after)] }
    const answers = await store.writeSchedules([{ ...shared, takesBackAfter: at(4), ledger }, ...others])
    expect(new Set(answers)).toEqual(new Set(['written']))
  }

  test('totals of fire times: none goes down at an undecide, which counts what it took back', async ({ store }) => {
    await undecided(store)
    expect(await totalsOf(store)).toEqual({
      'fire  coalesced': 8,
      'fire  fired': 2,
      'fire  misfired': 2,
      'undecided  coalesced': 5,
      'undecided  misfired': 2
    })
  })

  test('totals of fire times: what one schedule decides does not hide what another takes back', async ({ store }) => {
    const other = scheduleState({ id: 'other' })
    await store.writeSchedules([creation(other)])
    await undecided(store, decision(other, [run(1, 6)]))
    expect(await totalsOf(store)).toMatchObject({ 'fire  coalesced': 14, 'undecided  coalesced': 5 })
  })

  test('totals of fire times: less what was undecided they are what the ledger has', async ({ store }) => {
    await undecided(store)
    const rows = await store.listLedger({ scheduleId: 'minute-report', from: 0, until: at(99) }, { limit: 10 })
    const counted = new Map<string, number>()
    for (const { outcome, count } of rows.items) counted.set(outcome, (counted.get(outcome) ?? 0) + count)
    const totals = await totalsOf(store)
    for (const outcome of ['fired', 'coalesced', 'misfired'])
      expect(totals[`fire  ${outcome}`]! - (totals[`undecided  ${outcome}`] ?? 0)).toBe(counted.get(outcome) ?? 0)
  })
}

function testGoneNodes({ test }: Suite): void {
  test('totals: the sum stays when nodes are pruned, and grows on', async ({ clock, store }) => {
    for (const id of ['node-a', 'node-b', 'node-c']) await store.join(nodeRecord({ id }))
    const state = scheduleState()
    const first = decision(
      state,
      ['node-a', 'node-b', 'node-c'].map((node, i) => run(i + 1, i + 1, { node }))
    )
    await store.writeSchedules([creation(state)])
    await store.writeSchedules([first])
    await store.leave('node-a')
    await store.leave('node-b')
    clock.set(START + 1)
    expect(await store.prune({ ...nothingToPrune, nodesBefore: START + 1, limit: 1 })).toMatchObject({ nodes: 1 })
    expect(await totalsOf(store)).toEqual({ 'fire  coalesced': 3 })
    await store.prune({ ...nothingToPrune, nodesBefore: START + 1 })
    expect(await totalsOf(store)).toEqual({ 'fire  coalesced': 3 })
    await store.writeSchedules([decision(first.state, [run(4, 9, { node: 'node-a' })])])
    await store.prune(nothingToPrune)
    await store.prune(nothingToPrune)
    expect(await totalsOf(store)).toEqual({ 'fire  coalesced': 9 })
  })
}

function testReports({ test }: Suite): void {
  const report = (...totals: NodeReport['totals']): NodeReport => ({ totals, tallies: [] })
  const completed = (n: number) => ({ kind: 'job', name: 'mail', outcome: 'completed', n }) as const

  test('totals of jobs: what nodes report, over all of them', async ({ store }) => {
    for (const id of ['node-a', 'node-b']) await store.join(nodeRecord({ id }))
    await store.renew('node-a', report(completed(3), { kind: 'job', name: 'mail', outcome: 'failed', n: 1 }))
    expect(await store.renew('node-b', report(completed(2)))).toEqual({ phase: 'alive', held: [] })
    await store.renew('node-b')
    expect(await store.readTotals()).toEqual([
      { kind: 'job', name: 'mail', outcome: 'completed', n: 5 },
      { kind: 'job', name: 'mail', outcome: 'failed', n: 1 }
    ])
  })

  test('totals: each kind that nodes report is its own, and is folded with its node', async ({ clock, store }) => {
    for (const id of ['node-a', 'node-b']) await store.join(nodeRecord({ id }))
    const totals = reportedKinds.map((kind, index) => ({ kind, name: 'mail', outcome: '1', n: index + 1 }))
    for (const id of ['node-a', 'node-b']) await store.renew(id, report(...totals))
    const sums = { 'job mail 1': 2, 'wait mail 1': 4, 'run mail 1': 6, 'lateness mail 1': 8 }
    expect(await totalsOf(store)).toEqual(sums)
    await store.leave('node-a')
    clock.set(START + 1)
    await store.prune({ ...nothingToPrune, nodesBefore: START + 1 })
    expect(await totalsOf(store)).toEqual(sums)
  })

  test('totals of jobs: a report that is repeated, or comes late, counts once', async ({ store }) => {
    await store.join(nodeRecord())
    for (const n of [3, 3, 7, 3]) await store.renew('node-a', report(completed(n)))
    expect(await totalsOf(store)).toEqual({ 'job mail completed': 7 })
  })

  test('totals of jobs: of a node that is lost nothing is written', async ({ store }) => {
    await store.join(nodeRecord())
    await store.leave('node-a')
    expect(await store.renew('node-a', report(completed(3)))).toEqual({ phase: 'lost' })
    expect(await store.renew('unknown', report(completed(3)))).toEqual({ phase: 'lost' })
    expect(await store.readTotals()).toEqual([])
  })

  test('totals of jobs: a node that lives is not folded, so that its next report counts right', async ({
    clock,
    store
  }) => {
    for (const id of ['node-a', 'node-b']) await store.join(nodeRecord({ id }))
    await store.renew('node-a', report(completed(3)))
    await store.renew('node-b', report(completed(1)))
    await store.leave('node-b')
    clock.set(START + 1)
    await store.prune({ ...nothingToPrune, nodesBefore: START + 1 })
    await store.renew('node-a', report(completed(4)))
    expect(await totalsOf(store)).toEqual({ 'job mail completed': 5 })
  })
}
