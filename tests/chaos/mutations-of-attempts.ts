import type { Evidence } from '../../chaos/checker/rules.ts'
import { recorded } from '../../chaos/checker/recorded.ts'
import { frozenAt, heir, killedAt, steady } from './good-cast.ts'
import {
  begunOf,
  changed,
  completedOf,
  minus,
  moved,
  type Mutation,
  type Pick,
  plus,
  withBooks,
  withEntries,
  withJob
} from './mutate.ts'

/** A job that was taken over by another process, with the attempts of both. */
function takenOver(evidence: Evidence, pick: Pick) {
  const rescued = completedOf(evidence).filter(({ rescues }) => rescues > 0)
  const job = pick(rescued)
  const [first, second] = begunOf(evidence, ({ id }) => id === job.id)
  return { job, first: first!, second: second! }
}

const completions = (evidence: Evidence) => recorded(evidence.entries, 'job.completed')

export const ofAttempts: readonly Mutation[] = [
  [
    'S4',
    'an attempt begins before its fire time',
    (evidence, pick) => {
      const begun = pick(begunOf(evidence, ({ fireAt }) => fireAt !== undefined))
      return moved(evidence, begun, begun.fireAt! - 20)
    }
  ],
  [
    'S4',
    'a delayed job begins before its time',
    (evidence, pick) => {
      const asked = pick(
        recorded(evidence.entries, 'enqueue.asked').filter(
          ({ job, runAt }) => runAt !== undefined && begunOf(evidence, ({ id }) => id === job).length > 0
        )
      )
      const begun = begunOf(evidence, ({ id }) => id === asked.job)[0]!
      return moved(evidence, begun, asked.runAt! - 20)
    }
  ],
  [
    'S4',
    'a retry comes too soon',
    (evidence, pick) => {
      const failed = pick(recorded(evidence.entries, 'job.failed'))
      const [first, second] = begunOf(evidence, ({ id }) => id === failed.jobId)
      return moved(evidence, second!, first!.at + 100)
    }
  ],
  [
    'S5',
    'a job is completed twice',
    (evidence, pick) => {
      const completion = pick(completions(evidence))
      return plus(evidence, { ...completion, at: completion.at + 1 })
    }
  ],
  [
    'S5',
    'a job is completed and then given up',
    (evidence, pick) => {
      const completion = pick(completions(evidence))
      return plus(evidence, { ...completion, what: 'job.discarded', at: completion.at + 1 })
    }
  ],
  [
    'S5',
    'a job is run once more after its end',
    (evidence, pick) => {
      const { jobId, at } = pick(completions(evidence))
      const begun = begunOf(evidence, ({ id }) => id === jobId)[0]!
      return plus(evidence, { ...begun, at: at + 50, fence: 1e6 })
    }
  ],
  [
    'S5',
    'the books have another end',
    (evidence, pick) => {
      const { jobId } = pick(completions(evidence))
      return withJob(
        evidence,
        evidence.books.jobs.find(({ id }) => id === jobId)!,
        { state: 'cancelled' }
      )
    }
  ],
  [
    'S6',
    'a fence is given twice',
    (evidence, pick) => {
      const [one, other] = begunOf(evidence).slice(pick([0, 10, 20]))
      return withEntries(evidence, changed(evidence.entries, other!, { ...other!, fence: one!.fence }))
    }
  ],
  [
    'S6',
    'the books were written by an attempt that had been taken over',
    (evidence, pick) => {
      const { job, first } = takenOver(evidence, pick)
      return withJob(evidence, job, { fence: first.fence })
    }
  ],
  [
    'S6',
    'the effects are of an attempt that had been taken over',
    (evidence, pick) => {
      const transactional = new Set(evidence.books.effects.map(effect => effect.job))
      const rescued = completedOf(evidence).filter(({ id, rescues }) => rescues > 0 && transactional.has(id))
      const job = pick(rescued)
      const effect = evidence.books.effects.find(effect => effect.job === job.id)!
      const first = begunOf(evidence, ({ id }) => id === job.id)[0]!
      return withBooks(evidence, { effects: changed(evidence.books.effects, effect, { fence: first.fence }) })
    }
  ],
  [
    'S6',
    'fences go down in one process',
    (evidence, pick) => {
      const failed = pick(recorded(evidence.entries, 'job.failed').filter(({ by }) => by === `node-${steady}`))
      const [first, second] = begunOf(evidence, ({ id }) => id === failed.jobId)
      const swapped = changed(evidence.entries, first!, { ...first!, fence: second!.fence })
      return withEntries(evidence, changed(swapped, second!, { ...second!, fence: first!.fence }))
    }
  ],
  [
    'S7',
    'two have one term',
    evidence => {
      const elected = recorded(evidence.entries, 'seat.elected')[0]!
      return plus(evidence, { ...elected, pid: heir, by: `node-${heir}` })
    }
  ],
  [
    'S7',
    'a term goes down in one process',
    evidence => {
      const elected = recorded(evidence.entries, 'seat.elected')[2]!
      return plus(evidence, { ...elected, term: elected.term - 2, at: elected.at + 9 })
    }
  ],
  [
    'S7',
    'an old term writes after a new one',
    evidence => {
      const [first, ...rest] = evidence.books.seatWrites
      return withBooks(evidence, { seatWrites: [...rest, first!] })
    }
  ],
  [
    'S7',
    'somebody writes under another’s term',
    (evidence, pick) => {
      const write = pick(evidence.books.seatWrites)
      return withBooks(evidence, { seatWrites: changed(evidence.books.seatWrites, write, { pid: 999 }) })
    }
  ],
  [
    'S11',
    'a job is completed that did not come to its end',
    (evidence, pick) => {
      const { id, fence } = pick(completedOf(evidence))
      return minus(
        evidence,
        'attempt.finishing',
        entry => 'job' in entry && entry.job === id && 'fence' in entry && entry.fence === fence
      )
    }
  ],
  [
    'S11',
    'what may run once is begun twice',
    (evidence, pick) => {
      const begun = pick(
        begunOf(evidence, ({ delivery, state }) => delivery === 'at-most-once' && state === 'discarded')
      )
      return plus(evidence, { ...begun, fence: 1e6, at: begun.at + 500, by: `node-${steady}` })
    }
  ],
  [
    'S11',
    'what may run once waits again after it had begun',
    (evidence, pick) => {
      const job = pick(
        evidence.books.jobs.filter(({ delivery, state }) => delivery === 'at-most-once' && state === 'discarded')
      )
      return withJob(evidence, job, { state: 'available', finishedAt: undefined })
    }
  ],
  [
    'S11',
    'a job is given up too early',
    (evidence, pick) =>
      withJob(evidence, pick(completedOf(evidence).filter(({ delivery }) => delivery === 'at-least-once')), {
        state: 'discarded'
      })
  ],
  [
    'S12',
    'an attempt has another key',
    (evidence, pick) => {
      const { second } = takenOver(evidence, pick)
      return withEntries(evidence, changed(evidence.entries, second, { ...second, key: 'other' }))
    }
  ],
  [
    'S12',
    'two jobs have one key',
    (evidence, pick) => {
      const [one, other] = begunOf(evidence, ({ rescues, failures }) => rescues + failures === 0).slice(
        pick([0, 10, 20])
      )
      return withEntries(evidence, changed(evidence.entries, other!, { ...other!, key: one!.key }))
    }
  ],
  [
    'S8',
    'a process runs one more than it may',
    evidence => {
      const at = frozenAt - 5_000
      const [begun] = begunOf(evidence)
      const eleven = Array.from({ length: 11 }, (_, index) => ({
        ...begun!,
        at,
        by: 'node-full',
        job: `j${index}`,
        fence: 1e6 + index,
        key: `j${index}`
      }))
      return plus(evidence, ...eleven)
    }
  ],
  [
    'L3',
    'an orphan waits too long',
    evidence => {
      const [, second] = begunOf(evidence, ({ id }) => id === `slow at ${killedAt - 50}`)
      return moved(evidence, second!, killedAt + 25_000)
    }
  ]
]
