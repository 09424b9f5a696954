import { verifyBooks } from '../../src/views/verification.ts'
import type { Job } from '../../src/core/job/job.ts'
import type { LedgerRow } from '../../src/core/schedule/ledger.ts'
import { isSound, type ScheduleVerification } from '../../src/core/verify/verify-counts.ts'
import { effectOf } from './process.ts'
import type { World } from './world.ts'

/** Everything that is wrong with the books at the end of the month; empty when all is well. */
export async function findingsOf(world: World): Promise<string[]> {
  const verified = await verifyBooks(world.trueStore, { from: undefined, to: world.endAt })
  const unreadable = verified.hasUnreadable ? ['A schedule cannot be read.'] : []
  return [
    ...world.witness.findings,
    ...unreadable,
    ...verified.schedules.flatMap(wrongCounts),
    ...wrongEffects(world),
    ...wrongTotals(world),
    ...wrongStarts(world)
  ]
}

/** Whether every fire time of a schedule is recorded once, and each is accounted for. */
export function wrongCounts(verification: ScheduleVerification): string[] {
  const { fired, coalesced, misfired, overlapped, paused, excluded, pending } = verification
  const accounted = fired + coalesced + misfired + overlapped + paused + excluded + pending
  const wrong = isSound(verification)
    ? []
    : [
        `${verification.id}: double ${verification.double}, missing ${verification.missing}: ${verification.notes.join(' ')}`
      ]
  return accounted === verification.expected
    ? wrong
    : [...wrong, `${verification.id}: ${verification.expected} expected, and ${accounted} accounted for.`]
}

/** Exactly one effect of each fire time that became a job, and of each job beside them; none of anything else. */
export function wrongEffects({ books }: Pick<World, 'books'>): string[] {
  const findings: string[] = []
  const explained = new Set<string>()
  const expect = (key: string, job: Job | undefined): void => {
    explained.add(key)
    const seen = books.effects.rows.get(key) ?? 0
    const wanted = job === undefined || job.state === 'completed' ? 1 : 0
    if (seen !== wanted)
      findings.push(`${key} is ${job?.state ?? 'completed and dropped'}, and has ${JSON.stringify(seen)} effects.`)
    if (wanted === 0 && !isRightlyWithout(job)) findings.push(`${key} ended as ${job?.state}.`)
  }
  for (const ledger of books.ledgers.values())
    for (const row of ledger.items) if (row.outcome === 'fired') expect(keyOf(row), books.jobs.get(row.jobId ?? ''))
  for (const job of books.jobs.values()) if (job.origin !== 'fire') expect(effectOf(job), job)
  for (const [key, count] of books.effects.rows)
    if (!explained.has(key) && (key.includes('@') || count !== 1))
      findings.push(`${key} has ${String(count)} effects, and no record.`)
  return findings
}

/** Whether the totals of fire times are what the ledger has, of which nothing is pruned here. */
export function wrongTotals({ books }: Pick<World, 'books'>): string[] {
  const left = new Map<string, number>()
  const add = (outcome: string, n: number): void => void left.set(outcome, (left.get(outcome) ?? 0) + n)
  for (const ledger of books.ledgers.values()) for (const { outcome, count } of ledger.items) add(outcome, count)
  for (const { kind, outcome, n } of books.totals.values()) {
    if (kind === 'fire') add(outcome, -n)
    if (kind === 'undecided') add(outcome, n)
  }
  return [...left].filter(([, n]) => n !== 0).map(([outcome, n]) => `${n} more were ${outcome} than the totals say.`)
}

const keyOf = ({ scheduleId, fireAt }: LedgerRow): string => `${scheduleId}@${fireAt}`

/** Lost in an at-most-once attempt, or killed with its node too often: the books say so. */
const isRightlyWithout = (job: Job | undefined): boolean =>
  job?.state === 'discarded' && ['lost', 'poison'].includes(job.errors.at(-1)?.code ?? '')

/** Three processes start at once with runs at start: each of these is created once. */
function wrongStarts({ startsAtFirst, declaredAtFirst }: World): string[] {
  return [...declaredAtFirst.values()]
    .filter(({ definition, id }) => (startsAtFirst.get(id) ?? 0) !== (definition.runAtStart ? 1 : 0))
    .map(({ id }) => `${id} had ${startsAtFirst.get(id) ?? 0} runs at the first start.`)
}
