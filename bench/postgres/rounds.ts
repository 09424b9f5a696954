import { median } from '../bar.ts'
import { inRounds, type Run } from '../run.ts'
import { type ContestantName, labels } from './contestants/all.ts'
import type { Places } from './places.ts'

export type Figures<Name extends ContestantName> = Readonly<Record<Name, number>>

export interface Contest<Name extends ContestantName> {
  readonly names: readonly Name[]
  /** What is done, for people. */
  readonly what: string
  readonly measure: (name: Name, places: Places) => Promise<number>
}

/**
 * Every contestant once in each round, each time another one first, so that all meet the same minutes of a noisy machine;
 * of each the median of its rounds.
 */
export async function medians<Name extends ContestantName>(
  run: Run,
  { names, what, measure }: Contest<Name>
): Promise<Figures<Name>> {
  const places = await run.servers.start()
  let turn = 0
  const rounds = await inRounds(run, async tell => {
    const figures: [Name, number][] = []
    const first = (turn += 1) % names.length
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      tell(`${what}, ${labels[name]}`)
      figures.push([name, await measure(name, places)])
    }
    return Object.fromEntries(figures) as Figures<Name>
  })
  return Object.fromEntries(names.map(name => [name, median(rounds.map(round => round[name]))])) as Figures<Name>
}
