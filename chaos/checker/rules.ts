import type { Books } from '../books.ts'
import type { Entry } from '../history.ts'
import type { IntendedSchedule } from '../workload.ts'

/** The invariants, by the names that they have in the project's list of faults. */
export const rules = {
  S1: 'a fire time becomes at most one job',
  S2: 'every fire time is decided once, and its row says what became of it',
  S3: 'nothing fires that is no fire time, and nothing runs that nobody asked for',
  S4: 'nothing begins before its time',
  S5: 'an end is final',
  S6: 'of several attempts only the latest can write',
  S7: 'terms grow, each has one holder, and an old one writes nothing',
  S8: 'no more jobs of a schedule live, and no more attempts of a process run, than may',
  S9: 'what was acknowledged is in the books, and what is there was asked for',
  S10: 'the effects of a transaction are there once if its job completed, else not at all',
  S11: 'a completed job was run to its end; one that may run once only was begun once at most',
  S12: 'an idempotency key is one job’s, for all its attempts',
  S13: 'at most one unfinished job has a unique key',
  S14: 'nothing fires while its schedule is paused',
  S15: 'what a release has declared no older one changes',
  L1: 'what is due is run in time, away from faults',
  L2: 'a seat is taken over in time',
  L3: 'a dead node’s jobs are taken over in time',
  L4: 'after the last fault everything is decided and run',
  L5: 'what nobody can run holds up nobody',
  L6: 'every fault shows',
  L7: 'with nothing to do nothing is done',
  L8: 'who is asked to end, and is not struck meanwhile, ends in order'
} as const

export type Rule = keyof typeof rules

export interface Finding {
  readonly rule: Rule
  readonly says: string
}

/** How long things may take. All but `leaseTtlMs` are the checker's, which the product doesn't know. */
export interface Limits {
  readonly leaseTtlMs: number
  /** How exactly a process knows the store's time. */
  readonly clockErrorMs: number
  /** After the end of a fault what is late counts as the fault's doing for so long. */
  readonly recoveryMs: number
  /** 99 of 100 fire times begin within this, away from faults. */
  readonly punctualMs: number
  /** From the death of a node to the next attempt of what it ran, faults left out. */
  readonly orphanMs: number
  /** From the death of a seat's holder to the next term, faults left out. */
  readonly takeOverMs: number
  /** From the last fault, or the last fire time if that is later, until nothing is left to do. */
  readonly healMs: number
}

/** Everything that the checker is told. It looks at nothing else. */
export interface Evidence {
  readonly entries: readonly Entry[]
  readonly books: Books
  readonly schedules: readonly IntendedSchedule[]
  readonly limits: Limits
}
