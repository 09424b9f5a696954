import type { Bar } from './bar.ts'
import type { Servers } from './postgres/servers.ts'

/** What a bench is asked for. */
export interface Run {
  /** How often each is measured, in turn with the others. */
  readonly rounds: number
  /** So little of everything that the figures mean nothing: to see that the bench works. */
  readonly isQuick: boolean
  /** `backlog`: how many jobs wait in the deep one. */
  readonly jobs: number
  /** `against`: the earlier commit. */
  readonly commit?: string | undefined
  /** `bloat`: how long the transaction is held open. */
  readonly seconds: number
  readonly tell: (progress: string) => void
  readonly servers: Servers
}

export type Bench = (run: Run) => Promise<Bar[]>

/** Measures so often, one round after the other. */
export async function inRounds<T>({ rounds, tell }: Run, measure: (tell: Run['tell']) => Promise<T>): Promise<T[]> {
  const measured: T[] = []
  while (measured.length < rounds)
    measured.push(await measure(step => tell(`round ${measured.length + 1} of ${rounds}: ${step}`)))
  return measured
}
