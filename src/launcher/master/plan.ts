import type { LaunchSettings } from '../../settings/launch.ts'
import { type Role, roles } from '../../settings/kinds/roles.ts'

/** A position in the topology, held by one process at a time; the name is what the log calls it. */
export interface ProcessPlan {
  /** Such as "web.1". */
  readonly name: string
  readonly kind: 'app' | 'web' | 'scheduler' | 'worker'
  readonly roles: readonly Role[]
}

interface Group {
  readonly kind: ProcessPlan['kind']
  readonly count: number
  readonly roles: readonly Role[]
}

/**
 * The processes of a topology. Each keeps those of its roles that are in `chosen`. One that keeps none is not started.
 */
export function planProcesses(
  { topology, web, workers, schedulers }: Pick<LaunchSettings, 'topology' | 'web' | 'workers' | 'schedulers'>,
  chosen: readonly Role[]
): readonly ProcessPlan[] {
  const extra: Group = { kind: 'worker', count: workers, roles: ['worker'] }
  const groups: { readonly [Topology in LaunchSettings['topology']]: readonly Group[] } = {
    single: [{ kind: 'app', count: 1, roles }],
    everywhere: [{ kind: 'web', count: web, roles }, extra],
    // All of them have the role; the one that holds the seat uses it.
    primary: [{ kind: 'web', count: web, roles }, extra],
    dedicated: [
      { kind: 'web', count: web, roles: ['web'] },
      { kind: 'scheduler', count: 1, roles: ['scheduler', 'worker'] },
      extra
    ],
    fleet: [
      { kind: 'web', count: web, roles: ['web'] },
      { kind: 'scheduler', count: schedulers, roles: ['scheduler'] },
      extra
    ]
  }
  return groups[topology].flatMap(({ kind, count, roles }) => {
    const left = roles.filter(role => chosen.includes(role))
    return left.length === 0
      ? []
      : Array.from({ length: count }, (_, at) => ({ name: `${kind}.${at + 1}`, kind, roles: left }))
  })
}

const order: readonly ProcessPlan['kind'][] = ['worker', 'scheduler', 'app', 'web']

/**
 * The order in which a roll replaces them. Workers come before the processes that create jobs, so that a new task never
 * meets only old workers.
 */
export function rollOrder(plans: readonly ProcessPlan[]): readonly ProcessPlan[] {
  return order.flatMap(kind => plans.filter(plan => plan.kind === kind))
}
