import type { FireView } from '../views/fires.ts'
import { type HistoryView, readScheduleDetails, type ScheduleSummary } from '../views/schedule.ts'
import { type Written, written } from '../views/written.ts'
import { withBooks } from './books.ts'
import type { Invocation } from './command.ts'
import type { ExitStatus } from './failures.ts'
import { iso, isoOrNull, table } from './output.ts'

export type ScheduleAnswer = ReturnType<typeof scheduleAnswer>

export function scheduleAnswer({
  trigger: _t,
  release: _r,
  lastJobBornAt: _l,
  pausedAt: _p,
  ...shown
}: ScheduleSummary) {
  return written(shown)
}

/** `schedules show`: the definition, what held when, and the next fire times. */
export async function showSchedule({ args, options, output }: Invocation<object>): Promise<ExitStatus> {
  const id = args[0] as string
  return withBooks<ExitStatus>(options, async store => {
    const [summary, details] = await readScheduleDetails(store, id)
    const { release, lastJobBornAt } = summary
    const { revision, validFrom, decidedUntil, jobsBorn, definition } = details
    const shown = {
      ...scheduleAnswer(summary),
      release,
      revision,
      validFrom: iso(validFrom),
      decidedUntil: iso(decidedUntil),
      jobsBorn,
      lastJobBornAt: isoOrNull(lastJobBornAt),
      definition,
      next: details.next.map(written),
      history: details.history.map(written)
    }
    output.answer(shown, () => showInWords(shown))
    return 0
  })
}

type Shown = ScheduleAnswer & {
  readonly next: readonly Written<FireView>[]
  readonly history: readonly Written<HistoryView>[]
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
