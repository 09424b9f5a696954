import { styleText } from 'node:util'
import Table from 'cli-table3'
import type { Bar } from './bar.ts'

/** What ran it, which a figure means nothing without: one version of SQLite is twice as fast as the next. */
export const RAN_ON = `Node ${process.versions.node}, SQLite ${process.versions['sqlite']}`

export interface Report {
  readonly ranOn: string
  readonly rounds: number
  readonly bars: readonly Bar[]
}

/** The report with figures of as many digits as a noisy machine gives a meaning to. */
export const reportOf = (rounds: number, bars: readonly Bar[]): Report => ({
  ranOn: RAN_ON,
  rounds,
  bars: bars.map(bar => ({
    ...bar,
    value: significant(bar.value),
    reference: significant(bar.reference),
    ratio: significant(bar.ratio)
  }))
})

const significant = (value: number): number => Number(value.toPrecision(4))

/** The report for people. */
export function tableOf(rounds: number, bars: readonly Bar[]): string {
  const table = new Table({
    head: ['what', 'ours', 'reference', 'against', 'ratio', 'bar', ''],
    colAligns: ['left', 'right', 'right', 'left', 'right', 'right', 'left'],
    colWidths: [46, 18, 18, 40, 9, 18, 5],
    wordWrap: true,
    style: { head: [], border: [] }
  })
  for (const bar of reportOf(rounds, bars).bars)
    table.push([
      bar.name,
      quantity(bar.value, bar.unit),
      quantity(bar.reference, bar.unit),
      bar.against,
      bar.ratio.toString(),
      typeof bar.bar === 'number' ? `≥ ${bar.bar}` : bar.bar,
      mark(bar.met)
    ])
  const missed = bars.filter(bar => !bar.met).length
  const verdict = missed === 0 ? 'every bar is met' : `${missed} of ${bars.length} are not met`
  return `${table.toString()}\nMedians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'} on ${RAN_ON}: ${verdict}.`
}

const quantity = (value: number, unit: string): string => `${value.toLocaleString('en')} ${unit}`

const mark = (met: boolean): string =>
  met ? styleText('green', 'yes', { stream: process.stdout }) : styleText('red', 'no', { stream: process.stdout })
