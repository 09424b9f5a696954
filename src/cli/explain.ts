import type { Command } from 'commander'
import { EscapementError } from '../core/errors.ts'
import { explain, type Explanation } from '../core/explain.ts'
import type { LedgerRow } from '../core/ledger.ts'
import type { TriggerJson } from '../core/trigger/trigger.ts'
import { localTime } from '../core/trigger/zone.ts'
import { triggerOf } from '../core/trigger-cache.ts'
import type { Store } from '../store/store.ts'
import { parseArgument, parseInstant } from './arguments.ts'
import { withBooks } from './books.ts'
import { addCommand, type Invocation, type Ran } from './command.ts'
import type { ExitStatus } from './failures.ts'
import { zoneIn } from './fire-view.ts'
import { iso, isoOrNull } from './output.ts'

/** Rows of one decision that are looked through for the one that stood for a coalesced fire time. */
const ROWS_OF_DECISION = 1_000

export function addExplain(program: Command, ran: Ran): void {
  addCommand<object>(program, ran, {
    usage: 'explain <schedule> [time]',
    description: 'say what became of a fire time, and why (default: the latest that was due)',
    examples: ['escapement explain nightly-report', 'escapement explain nightly-report 2026-03-08T07:00:00Z --json'],
    run: explainCommand
  })
}

async function explainCommand({ args, options, output }: Invocation<object>): Promise<ExitStatus> {
  const [id, time] = args as [string, string | undefined]
  const asked = time === undefined ? undefined : parseArgument('The time', time, parseInstant)
  return withBooks<ExitStatus>(options, async store => {
    const { at, trigger, explanation, row } = await explainFrom(store, id, asked)
    const { previous, next, fate, sentence, revision = null } = explanation
    const value = {
      schedule: id,
      at: iso(at),
      fate,
      sentence,
      revision,
      previous: isoOrNull(previous),
      next: isoOrNull(next),
      ledger: rowAnswer(row)
    }
    output.answer(value, () => [sentence, localLine(trigger, at)].filter(line => line !== '').join('\n'))
    return 0
  })
}

interface Explained {
  readonly at: number
  readonly trigger: TriggerJson
  readonly explanation: Explanation
  readonly row: LedgerRow | undefined
}

async function explainFrom(store: Store, id: string, asked: number | undefined): Promise<Explained> {
  const { now, schedules } = await store.readSchedules([id])
  const state = schedules[0]?.state
  if (state === undefined)
    throw new EscapementError('schedule-unknown', `There is no schedule with the id ${JSON.stringify(id)}.`)
  const timeline = await store.readTimeline(id)
  const at = asked ?? triggerOf(state.definition.trigger).previous(now + 1) ?? now
  const rows = await rowsAround(store, id, at)
  const row = rows.find(each => each.fireAt <= at && at <= each.lastFireAt)
  const job = row?.jobId === undefined ? undefined : await store.readJob(row.jobId)
  const prunedUntil = await store.ledgerPrunedUntil()
  const explanation = explain({ id, at, timeline, decidedUntil: state.decidedUntil, rows, job, now, prunedUntil })
  const held = timeline.findLast(each => each.validFrom < at) ?? timeline[0]
  return { at, trigger: (held ?? state).definition.trigger, explanation, row }
}

/** The row that covers the instant; for a coalesced one also the rows of the same decision. */
async function rowsAround(store: Store, scheduleId: string, at: number): Promise<readonly LedgerRow[]> {
  const { items } = await store.listLedger({ scheduleId, from: at, until: at }, { limit: 1 })
  const row = items[0]
  if (row?.outcome !== 'coalesced') return items
  const later = await store.listLedger(
    { scheduleId, from: row.fireAt, until: row.decidedAt },
    { limit: ROWS_OF_DECISION }
  )
  const timeline = await store.readTimeline(scheduleId)
  const held = timeline.findLast(each => each.validFrom < row.fireAt)
  const before = held === undefined ? undefined : triggerOf(held.definition.trigger).previous(row.fireAt)
  if (before === undefined) return later.items
  const earlier = await store.listLedger({ scheduleId, from: before, until: before }, { limit: 1 })
  return [...earlier.items, ...later.items]
}

function rowAnswer(row: LedgerRow | undefined): object | null {
  if (row === undefined) return null
  const { outcome, count, jobId = null, revision, node, timezoneData } = row
  const instants = {
    fireAt: iso(row.fireAt),
    lastFireAt: iso(row.lastFireAt),
    decidedAt: iso(row.decidedAt),
    nextFireAt: isoOrNull(row.nextFireAt)
  }
  return { outcome, count, ...instants, jobId, revision, node, timezoneData }
}

function localLine(trigger: TriggerJson, at: number): string {
  const zone = zoneIn(trigger)
  if (zone === undefined || zone === 'UTC') return ''
  const { local, offset } = localTime(zone, at)
  return `Local time there: ${local.replace('T', ' ')} ${offset} (${zone}).`
}
