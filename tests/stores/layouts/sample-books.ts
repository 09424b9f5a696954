import { auditEntryOf, stampOf } from '../../../src/core/access/by.ts'
import type { BooksKind } from '../../../src/store/moving.ts'
import type { Store } from '../../../src/store/store.ts'
import {
  creation,
  claim,
  completed,
  failed,
  fireWrite,
  jobId,
  newJob,
  nodeRecord,
  readPages,
  runningJob,
  scheduleState,
  snoozed,
  soloJob
} from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'

/** The task of the jobs that other processes enqueue and complete while the books are upgraded. */
export const LOAD_TASK = 'load'

/** Writes at least one row of every kind that books hold: jobs in every state, packed ones too, schedules, seats and nodes. */
export async function writeSample(store: Store): Promise<void> {
  await store.join(nodeRecord())
  await store.join(nodeRecord({ id: 'node-b', tasks: [LOAD_TASK] }))
  await store.join(nodeRecord({ id: 'node-that-left' }))
  await store.leave('node-that-left')
  await writeSchedules(store)
  await writeJobs(store)
  const stamp = stampOf(
    { actor: 'anna', role: 'operator', via: 'page', address: '192.0.2.7', reason: 'storm' },
    'bulk-1'
  )
  const about = { id: jobId(950), action: 'queue.pause', targetId: 'harbour', after: { isPaused: true } } as const
  await store.pauseQueue('harbour', true, auditEntryOf(stamp, about))
  await store.keepRedactions([{ task: 'mail', path: 'to' }])
  const secrets = { secretHash: 'a'.repeat(64), csrfHash: 'b'.repeat(64), idHash: 'c'.repeat(64) }
  const token = { id: jobId(960), name: 'deploy', role: 'operator', createdBy: 'anna', expiresAt: undefined } as const
  await store.makeToken({ ...token, secretHash: secrets.secretHash })
  const { idHash, csrfHash } = secrets
  await store.makeSession({ idHash, csrfHash, tokenId: token.id, actor: 'anna', role: 'operator', lifeMs: 43_200_000 })
  const holder = { id: 'node-a', host: 'harbour', pid: 4711 }
  await store.takeSeat({ seat: 'primary', term: 1, ttlMs: 15_000, seen: undefined, holder })
}

async function writeSchedules(store: Store): Promise<void> {
  const state = scheduleState()
  const pausedBy = { phaseBy: 'operator', pauseNote: 'The crane is broken.' } as const
  const paused = scheduleState({ id: 'paused', phase: 'paused', nextFireAt: undefined, ...pausedBy })
  await store.writeSchedules([creation(state), creation(paused)])
  await store.writeSchedules([fireWrite(state, { id: jobId(900), task: 'fired' })])
  await store.keepSet({ app: 'tracker', hash: 'set-1', members: [['minute-report', 'digest-1']] })
  await store.writeRegistration({ app: 'tracker', release: 1, hash: 'set-1' }, ['minute-report', 'paused'])
}

async function writeJobs(store: Store): Promise<void> {
  const numbered = (from: number, count: number, over: Parameters<typeof newJob>[0] = {}) =>
    Array.from({ length: count }, (_, index) => newJob({ id: jobId(from + index), ...over }))
  // Of the process that works on while the books are upgraded: its names are there already.
  await store.settle([completed(await runningJob(store, { id: jobId(999), task: LOAD_TASK, keepMs: 0 }, 'node-b'))])
  await soloJob(store, { id: jobId(800) })
  const withSteps = await runningJob(store, { id: jobId(801), task: 'mail', delivery: 'at-most-once' })
  await store.markStarted(withSteps)
  await store.saveStep(withSteps, { name: 'send', result: '{"sent":true}' })
  await store.saveProgress(withSteps, '0.5')
  // So many at once are kept as one pack where the store has packs.
  await store.enqueue(numbered(1, 20))
  const packed = (await claim(store, { limit: 20 })).jobs
  await store.settle([...packed.slice(0, 4).map(job => completed(job, '"docked"')), failed(packed[4]!, START + 60_000)])
  await store.settle([failed(packed[5]!)])
  const put = { task: 'mail', uniqueKey: 'pilot', uniqueUntil: START + 9_000_000 }
  await store.settle([snoozed(await runningJob(store, { id: jobId(802), ...put }), START + 60_000)])
  await store.settle([completed(await runningJob(store, { id: jobId(803), ...put, uniqueKey: 'tug' }), '1')])
  await store.enqueue([
    ...numbered(100, 3, { keepMs: 0 }),
    ...numbered(110, 3, { runAt: START + 3_600_000 }),
    newJob({ id: jobId(120), uniqueKey: 'Emden' }),
    newJob({ id: jobId(121), queue: 'harbour', priority: -5 }),
    newJob({ id: jobId(122), task: 'mail' })
  ])
  await store.enqueue([newJob({ id: jobId(130) })])
  await store.cancel([jobId(130)])
}

const kinds = [
  'pausedQueue',
  'registration',
  'seat',
  'redaction',
  'audit',
  'job',
  'step',
  'ledger',
  'timeline',
  'schedule'
] as const

/** All records of the books, but those of the load: what an upgrade has to keep. */
export async function recordsOf(store: Store): Promise<Record<string, readonly unknown[]>> {
  const records: Record<string, readonly unknown[]> = {}
  for (const kind of kinds) records[kind] = await recordsOfKind(store, kind)
  records['node'] = (await store.listNodes()).map(({ id, phase, tasks }) => ({ id, phase, tasks }))
  return JSON.parse(JSON.stringify(records)) as typeof records
}

async function recordsOfKind(store: Store, kind: BooksKind): Promise<readonly unknown[]> {
  const pages = await readPages(cursor =>
    store.exportPage(kind, { limit: 100, ...(cursor !== undefined && { cursor }) })
  )
  return pages.flat().filter(record => !('task' in record && record.task === LOAD_TASK))
}

/** Completes all that waits or runs, as a release does that comes after; answers how many jobs it completed. */
export async function drain(store: Store): Promise<number> {
  await store.leave('node-a')
  await store.pauseQueue('harbour', false)
  await store.join(nodeRecord({ id: 'node-after' }))
  const tasks = ['report', 'mail', 'fired']
  let count = 0
  for (;;) {
    await store.rescue(100)
    const { jobs } = await claim(store, { node: 'node-after', tasks, limit: 100, mayTakeSolo: true })
    if (jobs.length === 0) return count
    const answers = await store.settle(jobs.map(job => completed(job)))
    if (answers.some(answer => answer !== 'accepted')) throw new Error(`settled as ${answers.join(', ')}`)
    count += jobs.length
  }
}

/** Ids of the jobs that are not finished. */
export async function unfinished(store: Store): Promise<string[]> {
  const ended = new Set(['completed', 'cancelled', 'discarded'])
  const jobs = (await recordsOf(store))['job'] as { readonly id: string; readonly state: string }[]
  return jobs.filter(({ state }) => !ended.has(state)).map(({ id }) => id)
}
