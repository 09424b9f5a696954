import type { Command } from 'commander'
import { type JobState, jobStates } from '../../core/job/job.ts'
import { readShownJob, shownJob } from '../../views/job.ts'
import { readRedactions, redactedJob } from '../../views/redactions.ts'
import { written } from '../../views/written.ts'
import { wholeNumberArgument } from '../arguments.ts'
import { withBooks, withEscapement } from '../books/books.ts'
import { addCommand, choiceOption, type Invocation, option, type Ran } from '../command.ts'
import { reasonOption, type ReasonOptions, whoRuns } from '../who.ts'
import type { ExitStatus } from '../failures.ts'
import { iso, styled, textTable } from '../output.ts'

interface ListOptions {
  readonly state?: JobState
  readonly task?: string
  readonly queue?: string
  readonly schedule?: string
  readonly limit: number
  readonly cursor?: string
}

interface RetryOptions extends ReasonOptions {
  readonly again?: boolean
}

export function addJobs(program: Command, ran: Ran): void {
  const jobs = program
    .command('jobs')
    .description('list, show, retry, cancel and delete jobs')
    .addHelpText('after', '\nExample:\n  $ escapement jobs list --state discarded')
  addCommand<ListOptions>(jobs, ran, {
    usage: 'list',
    description: 'list jobs, newest first',
    examples: [
      'escapement jobs list --state discarded --task mail',
      'escapement jobs list --schedule nightly-report --json'
    ],
    options: [
      choiceOption('--state <state>', 'only in this state', jobStates),
      option('--task <name>', 'only of this task'),
      option('--queue <name>', 'only of this queue'),
      option('--schedule <id>', 'only of this schedule'),
      option('--limit <n>', 'how many, 1 to 1000', wholeNumberArgument(1, 1000)).default(20),
      option('--cursor <cursor>', 'the cursor that the previous page printed')
    ],
    run: list
  })
  addCommand<object>(jobs, ran, {
    usage: 'show <id>',
    description: 'show a job with its payload, result and errors',
    examples: ['escapement jobs show 019c2b1e-5f80-7c3a-9d1e-2f6b1f0a7c55'],
    run: show
  })
  addCommand<RetryOptions>(jobs, ran, {
    usage: 'retry <ids...>',
    description: 'make finished jobs available again, under the same ids',
    examples: ['escapement jobs retry 019c2b1e-5f80-7c3a-9d1e-2f6b1f0a7c55'],
    options: [option('--again', 'also at-most-once jobs, which then begin a second time'), reasonOption],
    run: retry
  })
  addCommand<ReasonOptions>(jobs, ran, {
    usage: 'cancel <ids...>',
    description: 'cancel jobs; a running one is asked to end. Exit status 1 when one had finished or is unknown',
    examples: ['escapement jobs cancel 019c2b1e-5f80-7c3a-9d1e-2f6b1f0a7c55 --reason "wrong customer"'],
    options: [reasonOption],
    run: cancel
  })
  addCommand<ReasonOptions>(jobs, ran, {
    usage: 'delete <ids...>',
    description: 'delete finished jobs with their steps; cancel those that wait first',
    examples: ['escapement jobs delete 019c2b1e-5f80-7c3a-9d1e-2f6b1f0a7c55'],
    options: [reasonOption],
    run: remove
  })
}

async function list({ options, output }: Invocation<ListOptions>): Promise<ExitStatus> {
  const { state, task, queue, schedule: scheduleId, limit, cursor: after } = options
  return withBooks<ExitStatus>(options, async store => {
    const { items, cursor } = await store.listJobs({ state, task, queue, scheduleId }, { limit, cursor: after })
    const redactions = await readRedactions(store)
    output.answer(
      { jobs: items.map(job => jobAnswer(redactedJob(shownJob(job), redactions))), cursor: cursor ?? null },
      () => {
        const rows = items.map(job => [
          job.id,
          job.task,
          job.queue,
          coloured(job.state),
          job.scheduleId,
          iso(job.fireAt ?? job.runAt),
          job.failures
        ])
        const more = cursor === undefined ? [] : [`There are more: --cursor ${cursor}`]
        return [
          textTable(['id', 'task', 'queue', 'state', 'schedule', 'due', 'failures'], rows, 'There are no such jobs.'),
          ...more
        ].join('\n')
      }
    )
    return 0
  })
}

async function show({ args, options, output }: Invocation<object>): Promise<ExitStatus> {
  const id = args[0] as string
  const answer = jobAnswer(await withBooks(options, store => readShownJob(store, id)))
  output.answer(answer, () => {
    const rows = Object.entries(answer).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '-')
    ])
    return textTable(['', ''], rows, '')
  })
  return 0
}

async function retry({ args, options, output }: Invocation<RetryOptions>): Promise<ExitStatus> {
  const ids = args[0] as readonly string[]
  const by = whoRuns(options)
  await withEscapement(options, async escapement => {
    for (const id of ids) await escapement.jobs.retry(id, { again: options.again ?? false, by })
  })
  output.answer(
    { retried: ids },
    () => `${ids.length === 1 ? 'The job is' : `${ids.length} jobs are`} available again.`
  )
  return 0
}

async function cancel({ args, options, output }: Invocation<ReasonOptions>): Promise<ExitStatus> {
  const ids = args[0] as readonly string[]
  const by = whoRuns(options)
  const answers = await withEscapement(options, async escapement => {
    const given = []
    for (const id of ids) given.push({ id, answer: await escapement.jobs.cancel(id, { by }) })
    return given
  })
  output.answer({ jobs: answers }, () => answers.map(({ id, answer }) => `${id}: ${cancelInWords[answer]}`).join('\n'))
  return answers.every(({ answer }) => answer === 'cancelled' || answer === 'requested') ? 0 : 1
}

async function remove({ args, options, output }: Invocation<ReasonOptions>): Promise<ExitStatus> {
  const ids = args[0] as readonly string[]
  const by = whoRuns(options)
  await withEscapement(options, async escapement => {
    for (const id of ids) await escapement.jobs.delete(id, { by })
  })
  output.answer({ deleted: ids }, () => (ids.length === 1 ? 'The job is deleted.' : `${ids.length} jobs are deleted.`))
  return 0
}

const cancelInWords = {
  cancelled: 'cancelled.',
  requested: 'it is running, and was asked to end.',
  finished: 'it had finished already.',
  unknown: 'there is no such job.'
} as const

function coloured(state: JobState): string {
  if (state === 'discarded') return styled('red', state)
  return state === 'retryable' ? styled('yellow', state) : state
}

const jobAnswer = (job: ReturnType<typeof shownJob>): object => ({ ...written(job), errors: job.errors.map(written) })
