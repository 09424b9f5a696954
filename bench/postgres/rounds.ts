import { median } from '../bar.ts'
import type { Run } from '../run.ts'
import { type ContestantName, labels } from './contestants/all.ts'

/** What one pass measured of each contestant. */
export type Figures<Name extends ContestantName> = Readonly<Record<Name, number>>

export interface Pass<Name extends ContestantName> {
  readonly names: readonly Name[]
  /** What is done, for people. */
  readonly what: string
  readonly tell: Run['tell']
  readonly measure: (name: Name) => Promise<number>
}

let turn = 0

/**
 * Measures every contestant once, each time another one first, so that all meet the same minutes of a noisy machine.
 */
export async function pass<Name extends ContestantName>({
  names,
  what,
  tell,
  measure
}: Pass<Name>): Promise<Figures<Name>> {
  const figures: [Name, number][] = []
  const first = (turn += 1) % names.length
  for (const name of [...names.slice(first), ...names.slice(0, first)]) {
    tell(`${what}, ${labels[name]}`)
    figures.push([name, await measure(name)])
  }
  return Object.fromEntries(figures) as Figures<Name>
}

/**
 * One next to the other, over all passes: their medians, and the median of the ratios, which withstands a noisy
 * machine.
 */
export const beside = <Name extends ContestantName>(
  passes: readonly Figures<Name>[],
  ours: Name,
  theirs: Name
): { readonly value: number; readonly reference: number; readonly ratio: number } => ({
  value: median(passes.map(figures => figures[ours])),
  reference: median(passes.map(figures => figures[theirs])),
  ratio: median(passes.map(figures => figures[ours] / figures[theirs]))
})
