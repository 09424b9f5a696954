import Table from 'cli-table3'
import type { Spread } from './checker/figures.ts'
import { rules } from './checker/rules.ts'
import type { Verdict } from './checker/check.ts'

const SHOWN_OF_A_RULE = 5

/** A verdict for people: the figures, and of each broken rule the first findings. */
export function verdictInWords({ findings, figures }: Verdict): string {
  const { lateness, calmLateness, takeOvers, orphans, faults, ...counts } = figures
  const table = new Table({ style: { head: [], border: [] }, colAligns: ['left', 'right'] })
  for (const [name, value] of Object.entries(counts)) table.push([name, String(value)])
  table.push([
    'faults',
    Object.entries(faults)
      .map(([kind, count]) => `${kind} ${count}`)
      .join('\n')
  ])
  for (const [name, spread] of Object.entries({ lateness, calmLateness, takeOvers, orphans }))
    table.push([name, spreadInWords(spread)])
  const broken = [...Map.groupBy(findings, ({ rule }) => rule)].map(([rule, found]) => {
    const shown = found.slice(0, SHOWN_OF_A_RULE).map(({ says }) => `  ${says}`)
    const more = found.length > shown.length ? [`  … and ${found.length - shown.length} more`] : []
    return [`${rule}, ${rules[rule]}, is broken:`, ...shown, ...more].join('\n')
  })
  return [table.toString(), ...(broken.length === 0 ? ['Every invariant holds.'] : broken)].join('\n')
}

const spreadInWords = ({ count, p50Ms, p99Ms, maxMs }: Spread): string =>
  count === 0 ? 'none' : `p50 ${p50Ms} ms, p99 ${p99Ms} ms, most ${maxMs} ms, of ${count}`
