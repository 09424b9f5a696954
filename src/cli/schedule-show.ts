import { EscapementError } from '../core/errors.ts'
import type { ScheduleState } from '../core/schedule.ts'
import { triggerOf } from '../core/trigger-cache.ts'
import type { ReadSchedule } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'
import { withBooks } from './books.ts'
import type { Invocation } from './command.ts'
import type { ExitStatus } from './failures.ts'
import { type FireView, viewFire } from './fire-view.ts'
import { iso, isoOrNull, table } from './output.ts'
import { type ScheduleSummary, summarize } from './schedule-summary.ts'

/** `schedules show`: the definition, what held when, and the next fire times. */
export async function showSchedule({ args, options, output }: Invocation<object>): Promise<ExitStatus> {
  const id = args[0] as string
  return withBooks<ExitStatus>(options, async store => {
    const read = await readSchedule(store, id)
    const { state } = read
    const { definition, release, revision, validFrom, decidedUntil, jobsBorn, lastJobBornAt } = state
    const next = nextFires(state)
    const history = (await store.readTimeline(id)).map(row => ({
      revision: row.revision,
      phase: row.phase,
      phaseBy: row.phaseBy ?? null,
      validFrom: iso(row.validFrom),
      release: row.release
    }))
    const details = {
      release,
      revision,
      validFrom: iso(validFrom),
      decidedUntil: iso(decidedUntil),
      jobsBorn,
      lastJobBornAt: isoOrNull(lastJobBornAt)
    }
    const shown = { ...summarize(read), ...details, definition, next, history }
    output.answer(shown, () => showInWords(shown))
    return 0
  })
}

async function readSchedule(store: Store, id: string): Promise<ReadSchedule> {
  const found = (await store.readSchedules([id])).schedules[0]
  if (found === undefined)
    throw new EscapementError('schedule-unknown', `There is no schedule with the id ${JSON.stringify(id)}.`)
  return found
}

function nextFires({ nextFireAt, definition }: ScheduleState): FireView[] {
  const trigger = triggerOf(definition.trigger)
  const fires: FireView[] = []
  for (let at = nextFireAt; at !== undefined && fires.length < 5; at = trigger.next(at))
    fires.push(viewFire(definition.trigger, at, 'UTC'))
  return fires
}

type Shown = ScheduleSummary & {
  readonly next: readonly FireView[]
  readonly history: readonly { revision: number; phase: string; phaseBy: string | null; validFrom: string }[]
}

function showInWords(shown: Shown): string {
  const { next, history, ...facts } = shown
  const lines = Object.entries(facts).map(([name, value]) => [
    name,
    typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '-')
  ])
  const stretches = history.map(({ revision, phase, phaseBy, validFrom }) => [
    revision,
    phaseBy === null ? phase : `${phase} (${phaseBy})`,
    validFrom
  ])
  return [
    table(['', ''], lines, ''),
    '',
    table(
      ['next (local)', 'offset', 'UTC', ''],
      next.map(({ local, offset, at, transition }) => [local, offset, at, transition ?? '']),
      'No fire time is set.'
    ),
    '',
    table(['revision', 'phase', 'holds for fire times later than'], stretches, '')
  ].join('\n')
}
