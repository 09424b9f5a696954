import type { Command, Option } from 'commander'
import { at } from '../../core/trigger/at.ts'
import { cron } from '../../core/trigger/cron/cron.ts'
import { every } from '../../core/trigger/every.ts'
import type { PutAnswer, PutOptions, Trigger, UpdateOptions } from '../../index.ts'
import { parseDuration, parseInstant, parseJson, wholeNumberArgument } from '../arguments.ts'
import { withEscapement } from '../books/books.ts'
import { reasonOption, type ReasonOptions, whoRuns } from '../who.ts'
import { addCommand, type Invocation, option, type Ran } from '../command.ts'
import { type ExitStatus, WrongUse } from '../failures.ts'

interface Given extends ReasonOptions {
  readonly task?: string
  readonly cron?: string
  readonly every?: number
  readonly at?: number
  readonly timezone?: string
  readonly payload?: unknown
  readonly queue?: string
  readonly priority?: number
  readonly spread?: number
}

const common: readonly Option[] = [
  option('--cron <expression>', 'when: a cron expression'),
  option('--every <duration>', 'when: an interval, such as 15m', parseDuration),
  option('--at <instant>', 'when: once, at this instant', parseInstant),
  option('--timezone <zone>', 'IANA zone of the cron expression; default: that of the config'),
  option('--payload <json>', 'passed to every job', parseJson),
  option('--queue <name>', "default: the task's"),
  option('--priority <n>', '-100 to 100, a lower number runs first', wholeNumberArgument(-100, 100)),
  option('--spread <duration>', 'delays every fire time by an offset below this, the same each time', parseDuration),
  reasonOption
]

/** `schedules put` and `schedules update`: schedules that belong to no code. */
export function addSchedulePut(schedules: Command, ran: Ran): void {
  addCommand<Given>(schedules, ran, {
    usage: 'put <id>',
    description: 'create a schedule that belongs to no code, or give it another definition',
    examples: [
      `escapement schedules put digest-17 --task digest --cron "30 7 * * *" --timezone Asia/Tokyo --payload '{"customer":17}'`
    ],
    options: [option('--task <name>', 'a task that the config names'), ...common],
    run: put
  })
  addCommand<Given>(schedules, ran, {
    usage: 'update <id>',
    description: 'change what is given of a schedule that was put, and nothing else',
    examples: ['escapement schedules update digest-17 --cron "0 9 * * *" --timezone Europe/Berlin'],
    options: common,
    run: update
  })
}

async function put({ args, options, output }: Invocation<Given>): Promise<ExitStatus> {
  const id = args[0] as string
  const trigger = triggerIn(options)
  if (options.task === undefined || trigger === undefined)
    throw new WrongUse('"schedules put" takes --task, and one of --cron, --every and --at.')
  const given = { ...changesIn(options), task: options.task, trigger } as PutOptions
  return withEscapement<ExitStatus>(options, async escapement => {
    const answer = await escapement.schedules.put(id, given, { by: whoRuns(options) })
    output.answer(shown(answer), () => inWords(answer))
    return 0
  })
}

async function update({ args, options, output }: Invocation<Given>): Promise<ExitStatus> {
  const id = args[0] as string
  const trigger = triggerIn(options)
  const given: UpdateOptions = { ...changesIn(options), ...(trigger === undefined ? {} : { trigger }) }
  if (Object.keys(given).length === 0) throw new WrongUse('"schedules update" takes at least one change.')
  return withEscapement<ExitStatus>(options, async escapement => {
    const answer = await escapement.schedules.update(id, given, { by: whoRuns(options) })
    output.answer(shown(answer), () => inWords(answer))
    return 0
  })
}

function triggerIn({ cron: expression, every: everyMs, at: atMs, timezone }: Given): Trigger | undefined {
  const given = [expression, everyMs, atMs].filter(each => each !== undefined)
  if (given.length > 1) throw new WrongUse('--cron, --every and --at exclude each other.')
  if (timezone !== undefined && expression === undefined) throw new WrongUse('--timezone is that of --cron.')
  if (expression !== undefined) return cron(expression, timezone === undefined ? {} : { timezone })
  if (everyMs !== undefined) return every(everyMs)
  return atMs === undefined ? undefined : at(atMs)
}

function changesIn({ payload, queue, priority, spread }: Given): UpdateOptions {
  const given = Object.entries({ payload, queue, priority, spread }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given)
}

const shown = ({ id, outcome, phase, nextFireAt }: PutAnswer) => ({
  schedule: id,
  outcome,
  phase,
  nextFireAt: nextFireAt?.toISOString() ?? null
})

function inWords({ id, outcome, phase, nextFireAt }: PutAnswer): string {
  const next = phase === 'active' ? `its next fire time: ${nextFireAt!.toISOString()}` : `it is ${phase}`
  return `"${id}" is ${outcome}; ${next}.`
}
