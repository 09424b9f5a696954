import type { Command, Option } from 'commander'
import type { Escapement } from '../../index.ts'
import { allSchedules } from '../../views/all-schedules.ts'
import { type ScheduleSummary, summarize } from '../../views/schedule.ts'
import { type Written, written } from '../../views/written.ts'
import { withBooks, withEscapement } from '../books/books.ts'
import { addCommand, type Invocation, option, type Ran } from '../command.ts'
import { reasonOption, type ReasonOptions, whoRuns } from '../who.ts'
import type { ExitStatus } from '../failures.ts'
import { textTable } from '../output.ts'
import { addSchedulePut } from './schedule-put.ts'
import { showSchedule } from '../show/schedule-show.ts'

interface ListOptions {
  readonly all?: boolean
}

export function addSchedules(program: Command, ran: Ran): void {
  const schedules = program
    .command('schedules')
    .description('list, show and change schedules')
    .addHelpText('after', '\nExample:\n  $ escapement schedules pause nightly-report')
  addCommand<ListOptions>(schedules, ran, {
    usage: 'list',
    description: 'list the schedules',
    examples: ['escapement schedules list'],
    options: [option('--all', 'removed ones too')],
    run: list
  })
  addCommand<object>(schedules, ran, {
    usage: 'show <id>',
    description: 'show a schedule: definition, history, next fire times',
    examples: ['escapement schedules show nightly-report --json'],
    run: showSchedule
  })
  addSchedulePut(schedules, ran)
  addChange(schedules, ran, {
    verb: 'pause',
    description: 'pause a schedule: nothing fires until it is resumed',
    options: [option('--note <text>', 'why: shown wherever the schedule is, until it is resumed')],
    change: pauseSchedule
  })
  addChange(schedules, ran, {
    verb: 'resume',
    description: 'resume a paused schedule',
    change: resumeSchedule
  })
  addChange(schedules, ran, {
    verb: 'run',
    description: 'run a schedule now, in addition to its fire times',
    change: runSchedule
  })
  addCommand<ReasonOptions>(schedules, ran, {
    usage: 'reset <id>',
    description: 'undo what a clock that ran ahead has decided; what fired stays fired',
    examples: ['escapement schedules reset nightly-report'],
    options: [reasonOption],
    run: reset
  })
  addChange(schedules, ran, {
    verb: 'remove',
    description: 'remove a schedule; one that code still names comes back at the next start of a process',
    options: [option('--for-good', 'no start brings it back, until it is removed again without this option')],
    change: removeSchedule
  })
}

type Changed = { readonly phase: string } | { readonly jobId: string }

interface Change {
  readonly verb: string
  readonly description: string
  readonly options?: readonly Option[]
  readonly change: (escapement: Escapement, id: string, options: ChangeOptions) => Promise<Changed>
}

interface ChangeOptions extends ReasonOptions {
  readonly forGood?: boolean
  readonly note?: string
}

function addChange(schedules: Command, ran: Ran, { verb, description, options: own = [], change }: Change): void {
  addCommand<ChangeOptions>(schedules, ran, {
    usage: `${verb} <id>`,
    description,
    examples: [`escapement schedules ${verb} nightly-report`],
    options: [...own, reasonOption],
    run: async ({ args, options, output }) => {
      const id = args[0] as string
      const changed = await withEscapement(options, escapement => change(escapement, id, options))
      const forGood = options.forGood === true ? ' for good' : ''
      const result = 'jobId' in changed ? `runs now, as job ${changed.jobId}` : `is ${changed.phase}${forGood}`
      output.answer({ scheduleId: id, ...changed }, () => `"${id}" ${result}.`)
      return 0
    }
  })
}

async function pauseSchedule(escapement: Escapement, id: string, options: ChangeOptions): Promise<Changed> {
  const { note } = options
  await escapement.schedules.pause(id, { by: whoRuns(options), ...(note !== undefined && { note }) })
  return phaseAfter(escapement, id)
}

async function resumeSchedule(escapement: Escapement, id: string, options: ChangeOptions): Promise<Changed> {
  await escapement.schedules.resume(id, { by: whoRuns(options) })
  return phaseAfter(escapement, id)
}

/** A schedule that has ended is neither paused nor resumed: the result names its phase. */
async function phaseAfter(escapement: Escapement, id: string): Promise<Changed> {
  const read = await escapement.schedules.get(id)
  return { phase: read?.phase ?? 'removed' }
}

async function runSchedule(escapement: Escapement, id: string, options: ChangeOptions): Promise<Changed> {
  const { jobId } = await escapement.schedules.runNow(id, { by: whoRuns(options) })
  return { jobId }
}

async function removeSchedule(escapement: Escapement, id: string, options: ChangeOptions): Promise<Changed> {
  const { forGood = false } = options
  await escapement.schedules.remove(id, { forGood, by: whoRuns(options) })
  return { phase: 'removed' }
}

async function reset({ args, options, output }: Invocation<ReasonOptions>): Promise<ExitStatus> {
  const id = args[0] as string
  return withEscapement<ExitStatus>(options, async escapement => {
    const { undecided, stayFired } = await escapement.schedules.reset(id, { by: whoRuns(options) })
    const nextFireAt = (await escapement.schedules.get(id))?.nextFireAt
    const next = nextFireAt === undefined ? 'none is set' : nextFireAt.toISOString()
    output.answer({ scheduleId: id, undecided, stayFired, nextFireAt: nextFireAt?.toISOString() ?? null }, () =>
      undecided + stayFired === 0
        ? `No future fire time of "${id}" is recorded; its next fire time: ${next}.`
        : `"${id}": ${undecided} fire times are undecided again, ${stayFired} had fired and stay fired; its next fire time: ${next}.`
    )
    return 0
  })
}

const SHOWN_OF_NOTE = 60
const shortened = (note: string): string =>
  note.length > SHOWN_OF_NOTE ? `${note.slice(0, SHOWN_OF_NOTE - 1)}…` : note

/** "paused: the crane is broken", "active, orphaned", "removed (for-good)". */
const phaseInWords = ({ phase, phaseBy, orphanedAt, pauseNote }: Written<ScheduleSummary>): string => {
  const by = phaseBy === null || phaseBy === 'operator' ? '' : ` (${phaseBy})`
  const note = pauseNote === null ? '' : `: ${shortened(pauseNote)}`
  return `${phase}${by}${orphanedAt === null ? '' : ', orphaned'}${note}`
}

async function list({ options, output }: Invocation<ListOptions>): Promise<ExitStatus> {
  return withBooks<ExitStatus>(options, async store => {
    const includeRemoved = options.all === true
    const schedules: Written<ScheduleSummary>[] = []
    for await (const each of allSchedules(store, { includeRemoved })) schedules.push(written(summarize(each)))
    output.answer({ schedules }, () => {
      const rows = schedules.map(each => [
        each.id,
        each.task,
        phaseInWords(each),
        each.when,
        each.nextFireAt ?? undefined,
        each.liveJobs
      ])
      return textTable(
        ['id', 'task', 'phase', 'when', 'next fire time', 'live jobs'],
        rows,
        'There are no schedules in the books.'
      )
    })
    return 0
  })
}
