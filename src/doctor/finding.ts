import type { Facts } from './facts.ts'

/** Something about a deployment that hurts, will hurt, or is worth knowing. */
export interface Finding {
  /** The name of the check that found it. Stable, for scripts: "scheduler-missing". */
  readonly check: string
  /** A `problem` makes `escapement doctor` end with status 1; a `note` is worth knowing. */
  readonly severity: 'problem' | 'note'
  readonly what: string
  readonly why: string
  /** What fixes it: a command where there is one. */
  readonly fix: string
}

/** Checks one thing. Returns nothing if it is sound, or if the facts don't tell. */
export type Check = (facts: Facts) => readonly Finding[]

export const problem = (check: string, texts: Omit<Finding, 'check' | 'severity'>): Finding => ({
  check,
  severity: 'problem',
  ...texts
})

export const note = (check: string, texts: Omit<Finding, 'check' | 'severity'>): Finding => ({
  check,
  severity: 'note',
  ...texts
})
