import type { Command } from 'commander'
import type { ScheduleVerification } from '../../core/verify/verify-counts.ts'
import { fromMs, parseFrom, parseUntil } from '../arguments.ts'
import { areInOrder, isInOrder, verifyBooks } from '../../views/verification.ts'
import { withBooks } from '../books/books.ts'
import { addCommand, type Invocation, option, type Ran } from '../command.ts'
import { type ExitStatus, WrongUse } from '../failures.ts'
import { iso, styled, textTable } from '../output.ts'

interface VerifyOptions {
  readonly from?: number
  readonly to?: number
}

export function addVerify(program: Command, ran: Ran): void {
  addCommand<VerifyOptions>(program, ran, {
    usage: 'verify',
    description: 'prove from the books that every fire time was recorded once; exit status 1 when one was not',
    examples: ['escapement verify', 'escapement verify --from 2026-03-01T00:00:00Z --to 2026-04-01T00:00:00Z --json'],
    options: [
      option(
        '--from <instant>',
        'fire times from this instant or date (default: the beginning of the books)',
        parseStart
      ),
      option('--to <instant>', 'fire times up to this instant or date (default: now)', parseUntil)
    ],
    run: verify
  })
}

async function verify({ options, output }: Invocation<VerifyOptions>): Promise<ExitStatus> {
  const { from, to } = options
  if (from !== undefined && to !== undefined && from > to)
    throw new WrongUse(`--from is later than --to: ${iso(from)}, ${iso(to)}.`)
  const verified = await withBooks(options, store => verifyBooks(store, { from, to }))
  const isOk = areInOrder(verified)
  const answer = {
    ok: isOk,
    from: iso(verified.from),
    to: iso(verified.to),
    schedules: verified.schedules.map(withoutEmptyNotes)
  }
  output.answer(answer, () => inWords(verified.schedules, isOk, `${answer.from} to ${answer.to}`))
  return isOk ? 0 : 1
}

function withoutEmptyNotes({ notes, ...counts }: ScheduleVerification): object {
  return notes.length === 0 ? counts : { ...counts, notes }
}

const columns = [
  'expected',
  'fired',
  'coalesced',
  'misfired',
  'overlapped',
  'paused',
  'orphaned',
  'excluded',
  'pending',
  'double',
  'missing'
] as const

function inWords(schedules: readonly ScheduleVerification[], isOk: boolean, range: string): string {
  const rows = schedules.map(verification => [
    isInOrder(verification) ? verification.id : styled('red', verification.id),
    ...columns.map(column =>
      (column === 'double' || column === 'missing') && verification[column] > 0
        ? styled('red', String(verification[column]))
        : verification[column]
    )
  ])
  const notes = schedules.flatMap(verification => verification.notes.map(note => `${verification.id}: ${note}`))
  const faulty = schedules.filter(verification => !isInOrder(verification)).length
  const verdict = isOk
    ? styled('green', `In order: every fire time from ${range} is recorded once.`)
    : styled(
        'red',
        `Not in order from ${range}: ${faulty} of ${schedules.length} schedules have fire times missing, double or decided before they come.`
      )
  return [textTable(['schedule', ...columns], rows, 'There are no schedules in the books.'), ...notes, verdict].join(
    '\n'
  )
}

const parseStart = (text: string): number => fromMs(parseFrom(text), 'UTC')
