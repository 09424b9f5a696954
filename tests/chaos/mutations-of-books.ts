import { recorded } from '../../chaos/checker/recorded.ts'
import { RELEASE, tasks, type TaskName, UNKNOWN_TASK } from '../../chaos/workload.ts'
import { changed, completedOf, type Mutation, withBooks, withJob, without } from './mutate.ts'

const isTransactional = (task: string): boolean => tasks[task as TaskName].isTransactional

export const ofBooks: readonly Mutation[] = [
  [
    'S9',
    'an acknowledged job is lost',
    (evidence, pick) => {
      const answered = new Set(
        recorded(evidence.entries, 'enqueue.answered').flatMap(({ job, outcome }) =>
          outcome === 'duplicate' ? [] : [job]
        )
      )
      return withBooks(evidence, {
        jobs: without(evidence.books.jobs, pick(evidence.books.jobs.filter(({ id }) => answered.has(id))))
      })
    }
  ],
  [
    'S9',
    'the job of a fire time is lost',
    (evidence, pick) =>
      withBooks(evidence, {
        jobs: without(evidence.books.jobs, pick(evidence.books.jobs.filter(({ origin }) => origin === 'fire')))
      })
  ],
  [
    'S9',
    'a job is there twice',
    (evidence, pick) => withBooks(evidence, { jobs: [...evidence.books.jobs, pick(evidence.books.jobs)] })
  ],
  [
    'S10',
    'an effect is missing',
    (evidence, pick) => withBooks(evidence, { effects: without(evidence.books.effects, pick(evidence.books.effects)) })
  ],
  [
    'S10',
    'an effect is there twice',
    (evidence, pick) => withBooks(evidence, { effects: [...evidence.books.effects, pick(evidence.books.effects)] })
  ],
  [
    'S10',
    'an effect is there of a job that was given up',
    (evidence, pick) => {
      const job = pick(completedOf(evidence).filter(({ task }) => isTransactional(task)))
      return withJob(evidence, job, { state: 'discarded', failures: job.maxAttempts })
    }
  ],
  [
    'S10',
    'an effect is of no attempt that completed',
    (evidence, pick) => {
      const effect = pick(evidence.books.effects)
      return withBooks(evidence, { effects: changed(evidence.books.effects, effect, { fence: 1e6 }) })
    }
  ],
  [
    'S10',
    'an effect is of a job that writes none',
    (evidence, pick) => {
      const job = pick(completedOf(evidence).filter(({ task }) => !isTransactional(task)))
      return withBooks(evidence, { effects: [...evidence.books.effects, { job: job.id, fence: job.fence! }] })
    }
  ],
  [
    'S13',
    'two jobs have one key at the same time',
    (evidence, pick) => {
      const keyed = evidence.books.jobs.filter(({ uniqueKey, task }) => uniqueKey !== undefined && task === 'order')
      const job = pick(keyed.slice(0, -1))
      const next = keyed[keyed.indexOf(job) + 1]!
      return withJob(evidence, job, { finishedAt: next.createdAt + 1_001 })
    }
  ],
  [
    'S8',
    'a job is created while another of its schedule lives',
    (evidence, pick) => {
      const slow = evidence.books.jobs
        .filter(({ scheduleId }) => scheduleId === 'slow')
        .toSorted((a, b) => a.createdAt - b.createdAt)
      const job = pick(slow.slice(0, -1))
      return withJob(evidence, job, { finishedAt: slow[slow.indexOf(job) + 1]!.createdAt + 1 })
    }
  ],
  [
    'L5',
    'what nobody knows is given up',
    evidence =>
      withJob(
        evidence,
        evidence.books.jobs.find(({ task }) => task === UNKNOWN_TASK)!,
        { state: 'discarded' }
      )
  ],
  [
    'L4',
    'a job is left over',
    (evidence, pick) => withJob(evidence, pick(completedOf(evidence)), { state: 'retryable', finishedAt: undefined })
  ],
  [
    'L6',
    'a killed node is still alive in the books',
    evidence => {
      const node = evidence.books.nodes.find(({ phase }) => phase === 'lost')!
      return withBooks(evidence, { nodes: changed(evidence.books.nodes, node, { phase: 'alive' }) })
    }
  ],
  [
    'S15',
    'an older release has written a schedule',
    (evidence, pick) => {
      const { schedules } = evidence.books
      return withBooks(evidence, { schedules: changed(schedules, pick(schedules), { release: RELEASE - 1 }) })
    }
  ],
  [
    'S15',
    'a schedule is called an orphan by who does not name it',
    (evidence, pick) => {
      const { schedules } = evidence.books
      return withBooks(evidence, { schedules: changed(schedules, pick(schedules), { isOrphaned: true }) })
    }
  ],
  [
    'L6',
    'a killed node was never in the books',
    evidence => withBooks(evidence, { nodes: evidence.books.nodes.slice(1) })
  ]
]
