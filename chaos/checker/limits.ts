import type { Limits } from './rules.ts'

/** How long a node's death goes unseen beyond its lease: a renewal, two sweeps, and the turn of a busy machine. */
const SEEN_WITHIN_MS = 3_500

/** What a run with this lease is held to. */
export const limitsFor = (leaseTtlMs: number): Limits => ({
  leaseTtlMs,
  clockErrorMs: 5,
  recoveryMs: leaseTtlMs + SEEN_WITHIN_MS,
  punctualMs: 1_000,
  orphanMs: leaseTtlMs + SEEN_WITHIN_MS + 5_000,
  takeOverMs: leaseTtlMs + 1_000,
  healMs: 20_000
})
