import type { Facts } from './facts.ts'

/** Something about a deployment that will hurt, or does. */
export interface Finding {
  /** What was found wanting; stable, for scripts: "scheduler-missing". */
  readonly check: string
  /** A `problem` makes `escapement doctor` end with status 1; a `note` is worth knowing. */
  readonly severity: 'problem' | 'note'
  readonly what: string
  readonly why: string
  /** What fixes it: a command where there is one. */
  readonly fix: string
}

/** Looks at one thing; finds nothing where it is sound, or where the facts don't tell. */
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
