import { FLAP_MS, type Incident } from './incident.ts'
import type { Judgement } from './rules/judge.ts'
import { keyOf } from './rules/books-seen.ts'
import type { Truth } from './rule.ts'

/** At most so many of one rule are open at a time: the notices say how many more there are. */
export const MAX_OPEN_OF_RULE = 200

interface Ground {
  readonly now: number
  readonly newId: () => string
}

/**
 * The incidents after a look: opened by what is true, closed by what no longer is. One that ended within 10 minutes is
 * opened again. What is silenced, or was not looked at, stays as it is. Returns those that are new or have changed.
 */
export function liveOn(
  known: readonly Incident[],
  { truths, silenced, unsure }: Judgement,
  { now, newId }: Ground
): readonly Incident[] {
  const byKey = new Map(truths.map(truth => [keyOf(truth), truth]))
  const open = new Set(known.filter(({ resolvedAt }) => resolvedAt === undefined).map(keyOf))
  const changed = known.flatMap(incident => {
    const truth = byKey.get(keyOf(incident))
    if (incident.resolvedAt === undefined) byKey.delete(keyOf(incident))
    if (silenced.has(incident.rule) || (truth === undefined && unsure.has(incident.rule))) return []
    return afterLook(incident, truth, { now, isOpenBeside: open.has(keyOf(incident)) })
  })
  for (const incident of changed) byKey.delete(keyOf(incident))
  const room = roomOfRules(known)
  const opened = [...byKey.values()].filter(({ rule }) => room(rule)).map(truth => openedBy(truth, { now, newId }))
  return [...changed, ...opened]
}

function afterLook(
  incident: Incident,
  truth: Truth | undefined,
  { now, isOpenBeside }: { now: number; isOpenBeside: boolean }
): Incident[] {
  const { resolvedAt } = incident
  if (resolvedAt === undefined) {
    if (truth === undefined) return [{ ...incident, resolvedAt: now }]
    const missed = Math.max(incident.missed, truth.missed ?? 0)
    return truth.why === incident.why && missed === incident.missed ? [] : [{ ...incident, why: truth.why, missed }]
  }
  if (truth === undefined || isOpenBeside || resolvedAt + FLAP_MS <= now) return []
  const { why, missed = 0 } = truth
  return [
    {
      ...incident,
      why,
      missed: Math.max(incident.missed, missed),
      resolvedAt: undefined,
      flaps: incident.flaps + 1,
      acknowledgedAt: undefined,
      acknowledgedBy: undefined
    }
  ]
}

function roomOfRules(known: readonly Incident[]): (rule: Incident['rule']) => boolean {
  const counts = new Map<Incident['rule'], number>()
  for (const { rule, resolvedAt } of known) if (resolvedAt === undefined) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return rule => {
    const count = counts.get(rule) ?? 0
    counts.set(rule, count + 1)
    return count < MAX_OPEN_OF_RULE
  }
}

export const openedBy = (
  { rule, subject, since, why, timezone, missed = 0 }: Truth,
  { now, newId }: Ground
): Incident => ({
  id: newId(),
  rule,
  subject,
  openedAt: now,
  since,
  why,
  timezone,
  missed,
  resolvedAt: undefined,
  flaps: 0,
  told: 'nothing',
  repeats: 0,
  isHeld: false,
  acknowledgedAt: undefined,
  acknowledgedBy: undefined,
  seenAt: now
})
