import type { Command } from 'commander'
import type { TriggerJson } from '../../core/trigger/trigger.ts'
import { localTime } from '../../core/trigger/zone/zone.ts'
import { explainFire } from '../../views/fires/explain.ts'
import { zoneIn } from '../../core/trigger/zone/zone-in.ts'
import { viewRow } from '../../views/fires/ledger.ts'
import { written } from '../../views/written.ts'
import { parseArgument, parseInstant } from '../arguments.ts'
import { withBooks } from '../books/books.ts'
import { addCommand, type Invocation, type Ran } from '../command.ts'
import type { ExitStatus } from '../failures.ts'
import { iso, isoOrNull } from '../output.ts'

export function addExplain(program: Command, ran: Ran): void {
  addCommand<object>(program, ran, {
    usage: 'explain <schedule> [time]',
    description: 'say what happened to a fire time, and why (default: the latest one due)',
    examples: ['escapement explain nightly-report', 'escapement explain nightly-report 2026-03-08T07:00:00Z --json'],
    run: explainCommand
  })
}

async function explainCommand({ args, options, output }: Invocation<object>): Promise<ExitStatus> {
  const [id, time] = args as [string, string | undefined]
  const asked = time === undefined ? undefined : parseArgument('The time', time, parseInstant)
  return withBooks<ExitStatus>(options, async store => {
    const { at, trigger, explanation, row } = await explainFire(store, id, asked)
    const { previous, next, fate, sentence, revision = null } = explanation
    const value = {
      scheduleId: id,
      at: iso(at),
      fate,
      sentence,
      revision,
      previous: isoOrNull(previous),
      next: isoOrNull(next),
      ledger: row === undefined ? null : written(viewRow(row))
    }
    output.answer(value, () => [sentence, localLine(trigger, at)].filter(line => line !== '').join('\n'))
    return 0
  })
}

function localLine(trigger: TriggerJson, at: number): string {
  const zone = zoneIn(trigger)
  if (zone === undefined || zone === 'UTC') return ''
  const { local, offset } = localTime(zone, at)
  return `Local time there: ${local.replace('T', ' ')} ${offset} (${zone}).`
}
