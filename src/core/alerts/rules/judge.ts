import { clockJumped, faults, nodesLost, noScheduler, vacantSeats } from './cluster.ts'
import { fireTruths } from './fires.ts'
import { notStarted } from './lateness.ts'
import type { BooksSeen } from './books-seen.ts'
import type { AlertPolicy } from './policy.ts'
import type { AlertRule, Truth } from '../rule.ts'
import { failedTasks, tooLong, tooShort } from './runs.ts'
import { deepQueues, noNextFire, oldQueues, orphaned, tasksUnknown } from './work.ts'

type Judge = (seen: BooksSeen, policy: AlertPolicy) => readonly Truth[]

const judges: readonly Judge[] = [
  noScheduler,
  notStarted,
  fireTruths,
  failedTasks,
  tooLong,
  tooShort,
  noNextFire,
  orphaned,
  tasksUnknown,
  oldQueues,
  deepQueues,
  nodesLost,
  clockJumped,
  vacantSeats,
  faults
]

/** Without a scheduler nothing is decided, and no scheduler stands for a seat: one notice says it all. */
const consequences: Partial<Record<AlertRule, readonly AlertRule[]>> = {
  'no-scheduler': ['not-started', 'stale', 'seat-vacant', 'node-lost']
}

/** What is true of the books, and what follows from something else that is: it neither opens nor resolves. */
export interface Judgement {
  readonly truths: readonly Truth[]
  readonly silenced: ReadonlySet<AlertRule>
  /** Rules of which not everything was looked at: what is not true here may be true regardless, and stays open. */
  readonly unsure: ReadonlySet<AlertRule>
}

export function judge(seen: BooksSeen, policy: AlertPolicy): Judgement {
  const all = judges.flatMap(each => each(seen, policy)).filter(({ rule }) => !policy.without.has(rule))
  const silenced = new Set(all.flatMap(({ rule }) => consequences[rule] ?? []))
  return { truths: all.filter(({ rule }) => !silenced.has(rule)), silenced, unsure: seen.unsure }
}
