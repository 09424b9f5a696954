import type { NewAuditEntry } from '../../src/core/access/audit.ts'
import { auditEntryOf, stampOf } from '../../src/core/access/by.ts'
import { expect } from 'vitest'
import type { Incident } from '../../src/core/alerts/incident.ts'
import type { Notice } from '../../src/core/alerts/notice.ts'
import type { AlertPass, PassWrite } from '../../src/store/alerts.ts'
import type { Store } from '../../src/store/store.ts'
import { incident as incidentOf } from '../core/alerts/sights.ts'
import type { Suite } from './harness.ts'
import { jobId } from './fixtures.ts'
import { START } from './suite.ts'

export function testAlerts(suite: Suite): void {
  testPasses(suite)
  testIncidents(suite)
  testAcknowledgements(suite)
  testReports(suite)
  testNotices(suite)
}

const EVERY_MS = 10_000

const incident = (over: Partial<Incident> = {}): Incident =>
  incidentOf({ openedAt: START, since: START, seenAt: START, ...over })

const notice = (id: string, over: Partial<Notice> = {}): Notice => ({
  id,
  kind: 'opened',
  rule: 'failed',
  isCritical: false,
  madeAt: START,
  title: 'failed invoices',
  text: 'invoices: it fails.',
  incidents: [],
  more: 0,
  ...over
})

const found = (number: number, over: Partial<PassWrite> = {}): PassWrite => ({
  number,
  opened: [],
  changed: [],
  notices: [],
  memory: '{}',
  dropIncidentsBefore: 0,
  dropNoticesBefore: 0,
  ...over
})

async function taken(store: Store): Promise<AlertPass> {
  const pass = await store.takePass(0)
  if (pass === undefined) throw new Error('Nobody got the pass.')
  return pass
}

/** One pass after another, each with these writes. */
async function wrote(store: Store, over: Partial<PassWrite>): Promise<'written' | 'stale'> {
  return store.writePass(found((await taken(store)).number, over))
}

const open = (store: Store): Promise<readonly Incident[]> => store.readIncidents(Number.MAX_SAFE_INTEGER)

function testPasses({ test }: Suite): void {
  test('alerts: a pass is due every so often, whoever asks, and grows in number', async ({ store, beside, clock }) => {
    const other = await beside()
    expect(await store.readPass()).toEqual({ number: 0, beganAt: 0, finishedAt: undefined, memory: undefined })
    const first = await store.takePass(EVERY_MS)
    expect(first).toMatchObject({ number: 1, beganAt: START, finishedAt: undefined })
    expect([await store.takePass(EVERY_MS), await other.takePass(EVERY_MS)]).toEqual([undefined, undefined])
    clock.set(START + EVERY_MS - 1)
    expect(await other.takePass(EVERY_MS)).toBe(undefined)
    clock.set(START + EVERY_MS)
    expect(await other.takePass(EVERY_MS)).toMatchObject({ number: 2, beganAt: START + EVERY_MS })
  })

  test('alerts: of many at once one gets the pass', async ({ store, beside }) => {
    const stores = [store, await beside(), await beside()]
    const asked = await Promise.all(stores.map(each => each.takePass(EVERY_MS)))
    expect(asked.filter(pass => pass !== undefined)).toHaveLength(1)
  })

  test('alerts: a clock that was set back keeps nobody from the next pass', async ({ store, clock }) => {
    await store.takePass(EVERY_MS)
    clock.set(START - 3_600_000)
    expect(await store.takePass(EVERY_MS)).toMatchObject({ number: 2, beganAt: START - 3_600_000 })
  })

  test('alerts: a finished pass is remembered, and is not finished twice', async ({ store, clock }) => {
    const { number } = await taken(store)
    clock.set(START + 5)
    expect(await store.writePass(found(number, { memory: '{"a":1}' }))).toBe('written')
    expect(await store.readPass()).toEqual({ number, beganAt: START, finishedAt: START + 5, memory: '{"a":1}' })
    expect(await store.writePass(found(number, { memory: '{}' }))).toBe('stale')
    expect(await taken(store)).toMatchObject({ number: number + 1, finishedAt: START + 5, memory: '{"a":1}' })
  })

  test('alerts: who was overtaken by the next pass writes nothing', async ({ store, beside }) => {
    const late = await taken(store)
    const next = await taken(await beside())
    const write = { opened: [incident()], notices: [{ channel: 'mail', notice: notice('1') }] }
    expect(await store.writePass(found(late.number, write))).toBe('stale')
    expect(await open(store)).toEqual([])
    expect(await store.claimNotices({ channels: ['mail'], limit: 10, holdMs: 1_000 })).toEqual([])
    expect(await store.writePass(found(next.number, write))).toBe('written')
  })
}

function testIncidents({ test }: Suite): void {
  test('alerts: an incident is read as it was written', async ({ store }) => {
    const full = incident({
      timezone: 'Europe/Berlin',
      missed: 3,
      flaps: 1,
      told: 'open',
      repeats: 2,
      isHeld: true,
      why: 'it "fails" – often'
    })
    await wrote(store, { opened: [full, incident({ id: 'incident-2', subject: 'other' })] })
    expect(await open(store)).toEqual([full, incident({ id: 'incident-2', subject: 'other' })])
  })

  test('alerts: at most one of a rule and subject is open', async ({ store }) => {
    await wrote(store, { opened: [incident()] })
    const second = incident({ id: 'incident-2' })
    expect(await wrote(store, { opened: [second], notices: [{ channel: 'mail', notice: notice('1') }] })).toBe('stale')
    expect(
      await wrote(store, {
        opened: [
          { ...second, rule: 'stale' },
          { ...second, id: 'x', rule: 'stale' }
        ]
      })
    ).toBe('stale')
    expect(await open(store)).toEqual([incident()])
    expect(await store.claimNotices({ channels: ['mail'], limit: 10, holdMs: 1_000 })).toEqual([])
    const over = incident({ resolvedAt: START + 1 })
    expect(await wrote(store, { changed: [over], opened: [second] })).toBe('written')
    expect(await wrote(store, { changed: [incident({ flaps: 1 })] })).toBe('stale')
    expect(await store.readIncidents(0)).toEqual([over, second])
  })

  test('alerts: those that are over are read for as long as asked, or until that was told', async ({ store }) => {
    const over = incident({ resolvedAt: START + 10, told: 'over' })
    await wrote(store, { opened: [over, incident({ id: 'untold', resolvedAt: START + 10, told: 'open' })] })
    const idsFrom = async (from: number): Promise<string[]> => (await store.readIncidents(from)).map(({ id }) => id)
    expect(await idsFrom(START + 10)).toEqual(['incident-1', 'untold'])
    expect(await idsFrom(START + 11)).toEqual(['untold'])
  })

  test('alerts: what is over for long is dropped', async ({ store }) => {
    const over = incident({ resolvedAt: START, told: 'over' })
    await wrote(store, { opened: [over, incident({ id: 'b', resolvedAt: START + 1, told: 'over' })] })
    await wrote(store, { dropIncidentsBefore: START + 1 })
    expect((await store.readIncidents(0)).map(({ id }) => id)).toEqual(['b'])
  })
}

function testAcknowledgements({ test }: Suite): void {
  test('alerts: an acknowledgement is in the audit if there was something to acknowledge', async ({ store }) => {
    const entry = (id: string): NewAuditEntry =>
      auditEntryOf(stampOf({ actor: 'ann', via: 'api' }), {
        id,
        action: 'incident.acknowledge',
        targetId: 'incident-1'
      })
    const [first, second] = [jobId(1), jobId(2)]
    for (const id of ['incident-1', '\u0000'])
      expect(await store.acknowledgeIncident(id, 'ann', entry(first))).toBe(false)
    await wrote(store, { opened: [incident()] })
    expect(await store.acknowledgeIncident('incident-1', 'ann', entry(second))).toBe(true)
    expect((await store.listAudit({}, { limit: 9 })).items).toMatchObject([
      { id: second, actor: 'ann', action: 'incident.acknowledge', targetKind: 'incident', targetId: 'incident-1' }
    ])
  })

  test('alerts: an acknowledgement stays, until the incident is opened again', async ({ store, clock }) => {
    expect(await store.acknowledgeIncident('incident-1', 'ann')).toBe(false)
    await wrote(store, { opened: [incident()] })
    clock.set(START + 7)
    expect(await store.acknowledgeIncident('incident-1', 'ann')).toBe(true)
    const seen = { acknowledgedAt: START + 7, acknowledgedBy: 'ann' }
    await wrote(store, { changed: [incident({ told: 'open' })] })
    expect(await open(store)).toMatchObject([{ told: 'open', ...seen }])
    await wrote(store, { changed: [incident({ resolvedAt: START + 8 })] })
    expect(await store.acknowledgeIncident('incident-1', 'bob')).toBe(false)
    await wrote(store, { changed: [incident({ flaps: 1 })] })
    expect(await open(store)).toMatchObject([{ flaps: 1, acknowledgedAt: undefined, acknowledgedBy: undefined }])
  })
}

function testReports({ test }: Suite): void {
  test('alerts: a report opens an incident once, and says that it lasts', async ({ store, beside, clock }) => {
    const error = incident({ rule: 'error', subject: 'harbour:1 scheduler' })
    await store.reportIncident(error)
    clock.set(START + 10_000)
    await (await beside()).reportIncident({ ...error, id: 'incident-2' })
    expect(await open(store)).toEqual([{ ...error, seenAt: START + 10_000 }])
    const over = { ...error, resolvedAt: START + 10_000, told: 'over' as const }
    await wrote(store, { changed: [over] })
    await store.reportIncident({ ...error, id: 'incident-3' })
    expect((await open(store)).map(({ id }) => id)).toEqual(['incident-3'])
  })
}

const claimOf = (store: Store, channels = ['mail']) => store.claimNotices({ channels, limit: 10, holdMs: 30_000 })

function testNotices({ test }: Suite): void {
  test('alerts: a notice is claimed by one process, for its channels, the oldest first', async ({ store, beside }) => {
    const other = await beside()
    const notices = [
      { channel: 'mail', notice: notice('2', { madeAt: START + 1 }) },
      { channel: 'mail', notice: notice('1') },
      { channel: 'pager', notice: notice('3') }
    ]
    await wrote(store, { notices })
    expect(await claimOf(store, ['none'])).toEqual([])
    const [mine, theirs] = await Promise.all([claimOf(store), claimOf(other)])
    expect([...mine, ...theirs].map(({ notice, channel, tries }) => [notice.id, channel, tries])).toEqual([
      ['1', 'mail', 0],
      ['2', 'mail', 0]
    ])
    expect((await claimOf(store, ['mail', 'pager'])).map(({ notice }) => notice)).toEqual([notice('3')])
  })

  test('alerts: a sent notice is over, and only who claimed it last says so', async ({ store, clock }) => {
    await wrote(store, { notices: [{ channel: 'mail', notice: notice('1') }] })
    const [first] = await claimOf(store)
    clock.set(START + 29_999)
    expect(await claimOf(store)).toEqual([])
    clock.set(START + 30_000)
    const [second] = await claimOf(store)
    expect(second!.notice).toEqual(first!.notice)
    expect(second!.fence).toBeGreaterThan(first!.fence)
    expect(await store.settleNotice({ id: '1', fence: first!.fence, problem: undefined })).toBe(false)
    expect(await store.settleNotice({ id: '1', fence: second!.fence, problem: undefined })).toBe(true)
    expect(await store.settleNotice({ id: '1', fence: second!.fence, problem: undefined })).toBe(false)
    clock.set(START + 90_000)
    expect(await claimOf(store)).toEqual([])
  })

  test('alerts: a notice that could not be sent waits for its next try, and shows its channel', async ({
    store,
    clock
  }) => {
    await wrote(store, { notices: [{ channel: 'mail', notice: notice('1') }] })
    const [claimed] = await claimOf(store)
    const failed = { id: '1', fence: claimed!.fence, problem: 'refused', retryAt: START + 10_000 }
    expect(await store.troubledChannels(1)).toEqual([])
    expect(await store.settleNotice(failed)).toBe(true)
    expect(await store.troubledChannels(1)).toEqual([{ subject: 'mail', since: START, why: 'refused' }])
    expect(await store.troubledChannels(2)).toEqual([])
    expect(await claimOf(store)).toEqual([])
    clock.set(START + 10_000)
    const [again] = await claimOf(store)
    expect(again).toMatchObject({ tries: 1 })
    await store.settleNotice({ id: '1', fence: again!.fence, problem: 'given up' })
    expect(await store.troubledChannels(1)).toEqual([])
    clock.set(START + 90_000)
    expect(await claimOf(store)).toEqual([])
  })

  test('alerts: notices that are over for long are dropped, and no others', async ({ store, clock }) => {
    await wrote(store, { notices: ['1', '2'].map(id => ({ channel: 'mail', notice: notice(id) })) })
    const [claimed] = await store.claimNotices({ channels: ['mail'], limit: 1, holdMs: 30_000 })
    await store.settleNotice({ id: '1', fence: claimed!.fence, problem: undefined })
    await wrote(store, { dropNoticesBefore: START })
    clock.set(START + 1)
    await wrote(store, { dropNoticesBefore: START + 1 })
    expect((await claimOf(store)).map(each => each.notice.id)).toEqual(['2'])
    // Its id is free again.
    expect(await wrote(store, { notices: [{ channel: 'mail', notice: notice('1') }] })).toBe('written')
  })
}
