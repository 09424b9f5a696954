import { deliveryFindings, earlyFindings, endFindings, fenceFindings, keyFindings } from './attempts.ts'
import { endingFindings } from './endings.ts'
import { type Facts, factsOf } from './facts.ts'
import { type Figures, figuresOf } from './figures.ts'
import { creationFindings, ledgerFindings } from './fires.ts'
import { releaseFindings } from './releases.ts'
import { healingFindings, orphanFindings, punctualityFindings } from './liveness.ts'
import {
  conservationFindings,
  effectFindings,
  overlapFindings,
  uniqueKeyFindings,
  unknownTaskFindings
} from './queue.ts'
import type { Evidence, Finding } from './rules.ts'
import { concurrencyFindings, pauseFindings } from './steering.ts'
import { takeOverFindings, termFindings } from './terms.ts'
import { quietFindings, visibilityFindings } from './visibility.ts'

export interface Verdict {
  readonly findings: readonly Finding[]
  readonly figures: Figures
}

const checks: readonly ((facts: Facts) => Finding[])[] = [
  ledgerFindings,
  creationFindings,
  earlyFindings,
  endFindings,
  fenceFindings,
  termFindings,
  overlapFindings,
  concurrencyFindings,
  conservationFindings,
  effectFindings,
  deliveryFindings,
  keyFindings,
  uniqueKeyFindings,
  pauseFindings,
  punctualityFindings,
  takeOverFindings,
  orphanFindings,
  healingFindings,
  unknownTaskFindings,
  visibilityFindings,
  quietFindings,
  releaseFindings,
  endingFindings
]

/** Holds a run to the invariants. Pure: the same evidence gives the same verdict, on any machine and at any time. */
export function check(evidence: Evidence): Verdict {
  const facts = factsOf(evidence)
  return { findings: checks.flatMap(find => find(facts)), figures: figuresOf(facts) }
}
