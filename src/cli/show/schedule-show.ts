import type { FireView } from '../../views/fires/fires.ts'
import { type HistoryView, readScheduleDetails, type ScheduleDetails } from '../../views/schedule.ts'
import { type Written, written } from '../../views/written.ts'
import { withBooks } from '../books/books.ts'
import type { Invocation } from '../command.ts'
import type { ExitStatus } from '../failures.ts'
import { textTable } from '../output.ts'

/** `schedules show`: the definition, its history, and the next fire times. */
export async function showSchedule({ args, options, output }: Invocation<object>): Promise<ExitStatus> {
  const id = args[0] as string
  return withBooks<ExitStatus>(options, async store => {
    const details = await readScheduleDetails(store, id)
    const shown = { ...written(details), next: details.next.map(written), history: details.history.map(written) }
    output.answer(shown, () => showInWords(shown))
    return 0
  })
}

type Shown = Omit<Written<ScheduleDetails>, 'next' | 'history'> & {
  readonly next: readonly Written<FireView>[]
  readonly history: readonly Written<HistoryView>[]
}

function showInWords(shown: Shown): string {
  // The definition contains the trigger.
  const { next, history, trigger: _, ...facts } = shown
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
    textTable(['', ''], lines, ''),
    '',
    textTable(
      ['next (local)', 'offset', 'UTC', ''],
      next.map(({ local, offset, at, transition }) => [local, offset, at, transition ?? '']),
      'No fire time is set.'
    ),
    '',
    textTable(['revision', 'phase', 'applies to fire times after'], stretches, '')
  ].join('\n')
}
