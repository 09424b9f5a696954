import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Evidence } from './checker/rules.ts'
import { readHistory } from './history.ts'

/** The processes' lines are there already; the rest of the evidence is put next to them. */
const REST = 'evidence.json'
const HISTORY = 'history'

/** Where the processes of a run write. */
export const historyIn = (folder: string): string => join(folder, HISTORY)

/** Keeps what a run came to, so that it can be checked again, by a later checker too. */
export const keepEvidence = (folder: string, rest: Omit<Evidence, 'entries'>): void =>
  writeFileSync(join(folder, REST), JSON.stringify(rest))

/** @throws Error when the folder holds no run, or one that did not come to its end. */
export function readEvidence(folder: string): Evidence {
  const rest = JSON.parse(readFileSync(join(folder, REST), 'utf8')) as Omit<Evidence, 'entries'>
  return { ...rest, entries: readHistory(historyIn(folder)) }
}
