import { expect } from 'vitest'

import type { AttemptKey, ClaimedJob, Job, NewJob } from '../../src/core/job/job.ts'
import type { LedgerRow } from '../../src/core/schedule/ledger.ts'
import type { ScheduleDefinition, ScheduleState, TimelineRow } from '../../src/core/schedule/schedule.ts'
import type { Report } from '../../src/core/job/settle.ts'
import type { Claim, ClaimRequest } from '../../src/store/jobs.ts'
import type { NodeRecord } from '../../src/store/nodes.ts'
import type { Page } from '../../src/store/reading.ts'
import type { ScheduleGuard, ScheduleWrite } from '../../src/store/schedules.ts'
import type { Store } from '../../src/store/store.ts'
import { START } from './suite.ts'

/** Ids in the order of their numbers. */
export const jobId = (number: number): string => `019cae00-0000-7000-8000-${String(number).padStart(12, '0')}`

export function newJob(over: Partial<NewJob> = {}): NewJob {
  return {
    id: jobId(1),
    task: 'report',
    queue: 'default',
    priority: 0,
    runAt: START,
    payload: '{"port":"Emden"}',
    uniqueKey: undefined,
    scheduleId: undefined,
    fireAt: undefined,
    origin: 'enqueue',
    maxAttempts: 3,
    delivery: 'at-least-once',
    keepMs: 86_400_000,
    ...over
  }
}

/** Jobs numbered from 1, due at once. */
export const newJobs = (count: number, over: Partial<NewJob> = {}): NewJob[] =>
  Array.from({ length: count }, (_, index) => newJob({ id: jobId(index + 1), ...over }))

export function nodeRecord(over: Partial<NodeRecord> = {}): NodeRecord {
  return {
    id: 'node-a',
    host: 'harbour',
    pid: 4711,
    bootId: 'boot-1',
    roles: ['worker'],
    tasks: ['report'],
    declares: [],
    release: 1,
    version: '0.1.0',
    timezoneData: '2026a',
    ...over
  }
}

export function definition(over: Partial<ScheduleDefinition> = {}): ScheduleDefinition {
  return {
    task: 'report',
    trigger: { kind: 'interval', everyMs: 60_000 },
    payload: { port: 'Emden' },
    queue: 'default',
    priority: 0,
    maxAttempts: 3,
    delivery: 'at-least-once',
    keepMs: 86_400_000,
    misfireGraceMs: null,
    coalesce: 'latest',
    coalesceCap: 100,
    overlap: 'skip',
    maxInstances: 1,
    maxFires: null,
    runAtStart: false,
    ...over
  }
}

/** A schedule of one fire a minute that was registered at the start and decided nothing yet. */
export function scheduleState(over: Partial<ScheduleState> = {}): ScheduleState {
  return {
    id: 'minute-report',
    definition: definition(),
    phase: 'active',
    app: 'tracker',
    release: 1,
    revision: 1,
    validFrom: START,
    decidedUntil: START,
    nextFireAt: START + 60_000,
    jobsCreated: 0,
    fires: 0,
    lastJobCreatedAt: undefined,
    orphanedAt: undefined,
    timezoneData: undefined,
    phaseBy: undefined,
    ...over
  }
}

export function ledgerRow(over: Partial<LedgerRow> = {}): LedgerRow {
  const fireAt = over.fireAt ?? START + 60_000
  return {
    scheduleId: 'minute-report',
    fireAt,
    lastFireAt: fireAt,
    count: 1,
    outcome: 'fired',
    jobId: undefined,
    decidedAt: fireAt,
    nextFireAt: fireAt + 60_000,
    revision: 1,
    timezoneData: '2026a',
    node: 'node-a',
    ...over
  }
}

export const timelineRow = (state: ScheduleState): TimelineRow => ({
  scheduleId: state.id,
  revision: state.revision,
  phase: state.phase,
  definition: state.definition,
  validFrom: state.validFrom,
  release: state.release,
  phaseBy: state.phaseBy
})

export const guardOf = (state: ScheduleState): ScheduleGuard => ({
  decidedUntil: state.decidedUntil,
  revision: state.revision,
  jobsCreated: state.jobsCreated,
  timezoneData: state.timezoneData
})

/** The write that brings a schedule into the books. */
export const creation = (state: ScheduleState): ScheduleWrite => ({
  guard: undefined,
  state,
  ledger: [],
  jobs: [],
  timeline: [timelineRow(state)]
})

/** The write by which the next fire time of a schedule becomes the given job. */
export function fireWrite(before: ScheduleState, job: Partial<NewJob> = {}): ScheduleWrite {
  const fireAt = before.nextFireAt ?? before.decidedUntil
  const created = newJob({ scheduleId: before.id, fireAt, origin: 'fire', runAt: fireAt, ...job })
  return {
    guard: guardOf(before),
    state: {
      ...before,
      decidedUntil: fireAt,
      nextFireAt: fireAt + 60_000,
      jobsCreated: before.jobsCreated + 1,
      fires: before.fires + 1,
      lastJobCreatedAt: fireAt
    },
    ledger: [ledgerRow({ scheduleId: before.id, fireAt, jobId: created.id, revision: before.revision })],
    jobs: [created],
    timeline: []
  }
}

export const claimRequest = (over: Partial<ClaimRequest> = {}): ClaimRequest => ({
  node: 'node-a',
  tasks: ['report'],
  queues: undefined,
  limit: 10,
  mayTakeSolo: false,
  ...over
})

export const claim = (store: Store, over: Partial<ClaimRequest> = {}): Promise<Claim> => store.claim(claimRequest(over))

/** Claims one job, which has to be there. */
export async function claimOne(store: Store, over: Partial<ClaimRequest> = {}): Promise<ClaimedJob> {
  const [job] = (await claim(store, { limit: 1, ...over })).jobs
  if (job === undefined) throw new Error('There was no job to be claimed.')
  return job
}

/** Puts one job in and claims it. */
export async function runningJob(store: Store, over: Partial<NewJob> = {}, node = 'node-a'): Promise<ClaimedJob> {
  const job = newJob(over)
  await store.enqueue([job])
  return claimOne(store, { node, tasks: [job.task] })
}

const keyOf = (attempt: AttemptKey): AttemptKey => ({ id: attempt.id, fence: attempt.fence })

export const completed = (attempt: AttemptKey, result?: string): Report => ({
  ...keyOf(attempt),
  outcome: { kind: 'completed', result }
})

export const failed = (attempt: AttemptKey, retryAt?: number, message = 'The harbour did not answer.'): Report => ({
  ...keyOf(attempt),
  outcome: { kind: 'failed', failure: { attempt: 1, at: START, message }, retryAt }
})

export const givenBack = (attempt: AttemptKey): Report => ({ ...keyOf(attempt), outcome: { kind: 'given-back' } })

export const snoozed = ({ id, fence }: AttemptKey, until: number): Report => ({
  id,
  fence,
  outcome: { kind: 'snoozed', until }
})

/** A job that has to be there. */
export async function read(store: Store, id: string): Promise<Job> {
  const job = await store.readJob(id)
  if (job === undefined) throw new Error(`There is no job ${id}.`)
  return job
}

/** The state of a schedule that has to be there. */
export async function readState(store: Store, id = 'minute-report'): Promise<ScheduleState> {
  const [schedule] = (await store.readSchedules([id])).schedules
  if (schedule === undefined) throw new Error(`There is no schedule ${id}.`)
  return schedule.state
}

/** Its node is lost without having settled anything. */
export async function loseNode(store: Store, id: string): Promise<void> {
  await store.join(nodeRecord({ id }))
  await store.leave(id)
}

/** All pages of a list, in order. */
export async function readPages<T>(next: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[][]> {
  const pages: T[][] = []
  let cursor: string | undefined
  do {
    const page = await next(cursor)
    pages.push([...page.items])
    cursor = page.cursor
    if (pages.length > 1_000) throw new Error('The list has no end.')
  } while (cursor !== undefined)
  return pages
}

export const idsOf = (jobs: readonly { readonly id: string }[]): string[] => jobs.map(job => job.id)
export const claimedIds = async (store: Store, limit = 10): Promise<string[]> =>
  idsOf((await claim(store, { limit })).jobs)

/** A job that was once taken from a node which died with it. */
export async function soloJob(store: Store, over: Partial<NewJob> = {}): Promise<void> {
  await runningJob(store, over, 'node-that-died')
  expect(await store.rescue(10)).toHaveLength(1)
}
