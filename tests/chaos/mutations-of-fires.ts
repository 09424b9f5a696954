import type { LedgerRow } from '../../src/core/schedule/ledger.ts'
import type { Evidence } from '../../chaos/checker/rules.ts'
import { RESTLESS } from '../../chaos/workload.ts'
import { beganAt, endAt, pausedFrom } from './good-cast.ts'
import { begunOf, changed, type Mutation, type Pick, plus, withBooks, without } from './mutate.ts'

const rowsOf = ({ books }: Evidence, outcome: LedgerRow['outcome']): LedgerRow[] =>
  books.ledger.filter(row => row.outcome === outcome)

const withRow = (evidence: Evidence, row: LedgerRow, change: Partial<LedgerRow>): Evidence =>
  withBooks(evidence, { ledger: changed(evidence.books.ledger, row, change) })

const withVerification = (
  evidence: Evidence,
  pick: Pick,
  change: { double: number } | { missing: number } | { pending: number }
): Evidence =>
  withBooks(evidence, {
    verifications: changed(evidence.books.verifications, pick(evidence.books.verifications), change)
  })

export const ofFires: readonly Mutation[] = [
  [
    'S1',
    'a row is doubled',
    (evidence, pick) => withBooks(evidence, { ledger: [...evidence.books.ledger, pick(evidence.books.ledger)] })
  ],
  [
    'S1',
    'a fire time became two jobs in the books',
    (evidence, pick) => {
      const job = pick(evidence.books.jobs.filter(({ fireAt }) => fireAt !== undefined))
      return withBooks(evidence, { jobs: [...evidence.books.jobs, { ...job, id: 'another' }] })
    }
  ],
  [
    'S1',
    'a fire time was run under two jobs',
    (evidence, pick) => {
      const begun = pick(begunOf(evidence, ({ fireAt }) => fireAt !== undefined))
      return plus(evidence, { ...begun, job: 'another', fence: 1e6 })
    }
  ],
  ['S1', 'verify finds one double', (evidence, pick) => withVerification(evidence, pick, { double: 1 })],
  [
    'S2',
    'a row is dropped',
    (evidence, pick) => withBooks(evidence, { ledger: without(evidence.books.ledger, pick(evidence.books.ledger)) })
  ],
  [
    'S2',
    'a schedule was never made',
    (evidence, pick) =>
      withBooks(evidence, { schedules: without(evidence.books.schedules, pick(evidence.books.schedules)) })
  ],
  [
    'S2',
    'a run counts one too many',
    (evidence, pick) => {
      const row = pick(rowsOf(evidence, 'paused'))
      return withRow(evidence, row, { count: row.count + 1 })
    }
  ],
  [
    'S2',
    'nothing stands for what was coalesced',
    evidence => {
      const [row] = rowsOf(evidence, 'coalesced')
      const next = evidence.books.ledger.find(
        ({ scheduleId, fireAt }) => scheduleId === row!.scheduleId && fireAt > row!.lastFireAt
      )
      return withRow(evidence, next!, { outcome: 'paused', jobId: undefined })
    }
  ],
  [
    'S2',
    'a row has fired, and has no job',
    (evidence, pick) => withRow(evidence, pick(rowsOf(evidence, 'fired')), { jobId: undefined })
  ],
  ['S2', 'verify misses one', (evidence, pick) => withVerification(evidence, pick, { missing: 1 })],
  ['S2', 'verify waits for one', (evidence, pick) => withVerification(evidence, pick, { pending: 1 })],
  [
    'S3',
    'a fire time is moved by a millisecond',
    (evidence, pick) => {
      const row = pick(rowsOf(evidence, 'fired'))
      return withRow(evidence, row, { fireAt: row.fireAt + 1, lastFireAt: row.lastFireAt + 1 })
    }
  ],
  [
    'S3',
    'a schedule fires before it was there',
    (evidence, pick) => {
      const row = {
        ...pick(rowsOf(evidence, 'fired')),
        fireAt: beganAt - 420_000,
        lastFireAt: beganAt - 420_000,
        jobId: undefined
      }
      return withBooks(evidence, { ledger: [...evidence.books.ledger, row] })
    }
  ],
  [
    'S3',
    'a schedule fires after its end',
    (evidence, pick) => {
      const row = {
        ...pick(rowsOf(evidence, 'fired')),
        fireAt: endAt + 420_000,
        lastFireAt: endAt + 420_000,
        jobId: undefined
      }
      return withBooks(evidence, { ledger: [...evidence.books.ledger, row] })
    }
  ],
  [
    'S3',
    'a schedule fires that nobody declared',
    (evidence, pick) => {
      const row = { ...pick(rowsOf(evidence, 'fired')), scheduleId: 'stranger' }
      return withBooks(evidence, { ledger: [...evidence.books.ledger, row] })
    }
  ],
  [
    'S3',
    'a job runs that was created from nothing',
    (evidence, pick) => plus(evidence, { ...pick(begunOf(evidence)), job: 'stranger', fence: 1e6, key: 'stranger' })
  ],
  [
    'S3',
    'a job is in the books that nobody asked for',
    (evidence, pick) => {
      const job = pick(evidence.books.jobs.filter(({ origin }) => origin === 'enqueue'))
      return withBooks(evidence, { jobs: [...evidence.books.jobs, { ...job, id: 'stranger', uniqueKey: undefined }] })
    }
  ],
  [
    'S14',
    'a schedule fires while it is paused',
    evidence => {
      const [row] = rowsOf(evidence, 'paused')
      return withRow(evidence, row!, { outcome: 'fired', count: 1, lastFireAt: row!.fireAt, jobId: 'late' })
    }
  ],
  [
    'S14',
    'a fire time is decided during the pause',
    evidence => {
      const before = rowsOf(evidence, 'fired').findLast(
        ({ scheduleId, fireAt }) => scheduleId === RESTLESS && fireAt < pausedFrom
      )
      return withRow(evidence, before!, { decidedAt: pausedFrom + 700 })
    }
  ]
]
