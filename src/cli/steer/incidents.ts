import type { Command } from 'commander'
import { newId } from '../../new-id.ts'
import { acknowledgeIncident } from '../../operations/incidents.ts'
import { viewIncident } from '../../views/incident.ts'
import { written } from '../../views/written.ts'
import { parseDuration } from '../arguments.ts'
import { withBooks } from '../books/books.ts'
import { addCommand, type Invocation, option, type Ran } from '../command.ts'
import type { ExitStatus } from '../failures.ts'
import { styled, textTable } from '../output.ts'
import { reasonOption, type ReasonOptions, whoRuns } from '../who.ts'

const DAY_MS = 86_400_000

interface ListOptions {
  readonly endedWithin: number
}

export function addIncidents(program: Command, ran: Ran): void {
  const incidents = program
    .command('incidents')
    .description('show what alerts tell of, and say that it was seen')
    .addHelpText('after', '\nExample:\n  $ escapement incidents list')
  addCommand<ListOptions>(incidents, ran, {
    usage: 'list',
    description: 'list the troubles that are open, and those that ended lately',
    examples: ['escapement incidents list --ended-within 7d', 'escapement incidents list --json'],
    options: [option('--ended-within <duration>', 'also those that ended since', parseDuration).default(DAY_MS, '1d')],
    run: list
  })
  addCommand<ReasonOptions>(incidents, ran, {
    usage: 'acknowledge <ids...>',
    description: 'say that they were seen: they are not told again while they last',
    examples: ['escapement incidents acknowledge 019c2b1e-5f80-7c3a-9d1e-2f6b1f0a7c55 --reason "the bank is told"'],
    options: [reasonOption],
    run: acknowledge
  })
}

async function list({ options, output }: Invocation<ListOptions>): Promise<ExitStatus> {
  return withBooks<ExitStatus>(options, async store => {
    const found = await store.readIncidents((await store.now()) - options.endedWithin)
    const incidents = found.map(incident => written(viewIncident(incident)))
    output.answer({ incidents }, () =>
      textTable(
        ['id', 'rule', 'subject', 'opened', 'state', 'why'],
        incidents.map(({ id, rule, subject, openedAt, resolvedAt, acknowledgedBy, why }) => [
          id,
          rule,
          subject,
          openedAt,
          resolvedAt === null ? styled('red', acknowledgedBy === null ? 'open' : `seen by ${acknowledgedBy}`) : 'over',
          why
        ]),
        'There are no incidents.'
      )
    )
    return 0
  })
}

async function acknowledge({ args, options, output }: Invocation<ReasonOptions>): Promise<ExitStatus> {
  const ids = args[0] as readonly string[]
  return withBooks<ExitStatus>(options, async store => {
    const by = whoRuns(options)
    for (const id of ids) await acknowledgeIncident({ store, newId }, id, { by })
    output.answer({ acknowledged: ids }, () =>
      ids.length === 1 ? 'The incident is acknowledged.' : `${ids.length} incidents are acknowledged.`
    )
    return 0
  })
}
