import type { Command } from 'commander'
import { at } from '../../core/trigger/at.ts'
import { cron } from '../../core/trigger/cron/cron.ts'
import { every } from '../../core/trigger/every.ts'
import { triggerFromJson } from '../../core/trigger/from-json.ts'
import type { CronDialect, DayRule, Trigger, TriggerJson } from '../../core/trigger/trigger.ts'
import type { GapPolicy, OverlapPolicy } from '../../core/trigger/zone/dst.ts'
import { fireViewsFrom, type FireView } from '../../views/fires/fires.ts'
import { type Written, written } from '../../views/written.ts'
import {
  type From,
  fromMs,
  parseDuration,
  parseFrom,
  parseInstant,
  parseJson,
  wholeNumberArgument
} from '../arguments.ts'
import { addCommand, choiceOption, type CommonOptions, type Invocation, option, type Ran } from '../command.ts'
import { type ExitStatus, WrongUse } from '../failures.ts'
import { iso, styled, textTable } from '../output.ts'

interface PreviewOptions {
  readonly cron?: string
  readonly every?: number
  readonly at?: number
  readonly trigger?: unknown
  readonly timezone?: string
  readonly from?: From
  readonly count: number
  readonly dstGap?: GapPolicy
  readonly dstOverlap?: OverlapPolicy
  readonly days?: DayRule
  readonly dialect?: CronDialect
  readonly start?: number
  readonly end?: number
}

export function addPreview(program: Command, ran: Ran): void {
  addCommand<PreviewOptions>(program, ran, {
    usage: 'preview [schedule]',
    description: 'show the next fire times of a trigger, or of a schedule in the books or the config',
    examples: [
      'escapement preview --cron "30 2 * * *" --timezone America/New_York --count 3',
      'escapement preview --every 90m --start 2026-03-01T06:00:00Z',
      `escapement preview --trigger '{"kind":"calendar-interval","months":1,"start":"2026-01-31","time":"09:00"}'`,
      'escapement preview nightly-report --json'
    ],
    options: [
      option('--cron <expression>', 'a cron expression of 5 to 7 fields'),
      option('--every <duration>', 'an interval, such as 90m', parseDuration),
      option('--at <instant>', 'one instant', parseInstant),
      option('--trigger <json>', 'any trigger, as schedules show --json writes it', parseJson),
      option('--timezone <zone>', 'IANA zone of the cron expression, or in which to show the others (default: UTC)'),
      option(
        '--from <instant>',
        'show fire times from this instant or the start of this date (default: now)',
        parseFrom
      ),
      option('--count <n>', 'how many, 1 to 1000', wholeNumberArgument(1, 1000)).default(5),
      choiceOption('--dst-gap <policy>', 'local times that the clocks skip', ['transition', 'skip', 'shift']),
      choiceOption('--dst-overlap <policy>', 'local times that come twice', ['first', 'last', 'both']),
      choiceOption('--days <rule>', 'how day of month and day of week combine', ['or', 'and']),
      choiceOption('--dialect <dialect>', 'which numbers the days of the week have', ['unix', 'quartz']),
      option('--start <instant>', 'start of a cron expression or an interval', parseInstant),
      option('--end <instant>', 'end of a cron expression or an interval', parseInstant)
    ],
    run: preview
  })
}

async function preview({ args, options, output }: Invocation<PreviewOptions>): Promise<ExitStatus> {
  const json = await chosenTrigger(args[0] as string | undefined, options)
  const trigger = triggerFromJson(json)
  for (const doubt of trigger.doubts ?? []) output.notice(`note: ${doubt}`)
  const { count, timezone = 'UTC' } = options
  // A fire time at the first instant itself is included.
  const first = trigger.next(firstOf(options) - 1)
  const fires = fireViewsFrom(json, first, { count, fallbackZone: timezone }).map(written)
  output.answer({ fires }, () => fireTable(fires, lastBefore(trigger, options)))
  return 0
}

const firstOf = ({ from = Date.now(), timezone = 'UTC' }: PreviewOptions): number => fromMs(from, timezone)

function lastBefore(trigger: Trigger, options: PreviewOptions): string {
  const last = trigger.previous(firstOf(options))
  return last === undefined ? '' : ` The last one was ${iso(last)}.`
}

async function chosenTrigger(
  schedule: string | undefined,
  options: PreviewOptions & CommonOptions
): Promise<TriggerJson> {
  const given = [schedule, options.cron, options.every, options.at, options.trigger].filter(each => each !== undefined)
  if (given.length !== 1)
    throw new WrongUse('preview takes one of: the id of a schedule, --cron, --every, --at, --trigger.')
  const { timezone, dstGap: gap, dstOverlap: overlap, days, dialect, start, end } = options
  if (options.cron !== undefined) {
    const dst = { ...(gap && { gap }), ...(overlap && { overlap }) }
    return cron(options.cron, { timezone, dst, days, dialect, start, end }).toJSON()
  }
  if (gap ?? overlap ?? days) throw new WrongUse('--dst-gap, --dst-overlap and --days are for --cron.')
  if (dialect !== undefined) throw new WrongUse('--dialect is for --cron.')
  if (options.every !== undefined) return every(options.every, { start, end }).toJSON()
  if (options.at !== undefined) return at(options.at).toJSON()
  if (options.trigger !== undefined) return triggerFromJson(options.trigger as TriggerJson).toJSON()
  const { scheduleTrigger } = await import('./schedule-trigger.ts')
  return scheduleTrigger(schedule ?? '', options)
}

function fireTable(fires: readonly Written<FireView>[], last: string): string {
  const rows = fires.map(({ at, local, offset, transition }) => [
    local.replace('T', ' '),
    offset,
    at,
    transition === null ? '' : styled('yellow', transition)
  ])
  return textTable(['local', 'offset', 'UTC', 'transition'], rows, `There are no more fire times.${last}`)
}
