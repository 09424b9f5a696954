import { type JobOutcome, jobOutcomes } from '../../core/counts/tally.ts'
import { isAlive } from '../../store/nodes.ts'
import type { Store } from '../../store/store.ts'

export type OutcomeCounts = Readonly<Record<JobOutcome, number>>

/** A task that a live node knows, or that was counted. */
export interface TaskView {
  readonly task: string
  /** Live workers that know it. */
  readonly workers: number
  /** How its attempts and jobs ended, since counting began. */
  readonly totals: OutcomeCounts
}

const MAX_TASKS = 1_000

/** In the order of their names. Counts are those that the books keep: nothing is counted for this. */
export async function readTasks(
  store: Store
): Promise<{ readonly items: readonly TaskView[]; readonly isMore: boolean }> {
  const [nodes, totals] = await Promise.all([store.listNodes(), store.readTotals()])
  const workers = new Map<string, number>()
  for (const { tasks } of nodes.filter(node => isAlive(node) && node.roles.includes('worker')))
    for (const task of new Set(tasks)) workers.set(task, (workers.get(task) ?? 0) + 1)
  const counted = Map.groupBy(
    totals.filter(({ kind }) => kind === 'job'),
    ({ name }) => name
  )
  const names = [...new Set([...workers.keys(), ...counted.keys()])].sort((a, b) => (a < b ? -1 : 1))
  const items = names.slice(0, MAX_TASKS).map(task => {
    const sums = Object.fromEntries((counted.get(task) ?? []).map(({ outcome, n }) => [outcome, n]))
    const entries = jobOutcomes.map(outcome => [outcome, sums[outcome] ?? 0])
    return { task, workers: workers.get(task) ?? 0, totals: Object.fromEntries(entries) as OutcomeCounts }
  })
  return { items, isMore: names.length > MAX_TASKS }
}
