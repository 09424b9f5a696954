import { isAlive, type NodeState } from '../store/nodes.ts'
import type { TaskBacklog } from '../store/reading.ts'

/** A node as it is shown. */
export interface NodeView extends Pick<
  NodeState,
  'id' | 'phase' | 'host' | 'pid' | 'roles' | 'release' | 'version' | 'startedAt' | 'renewedAt' | 'vitals'
> {
  /** The apps whose code it runs. */
  readonly apps: readonly string[]
}

export function viewNode(node: NodeState): NodeView {
  const { id, phase, host, pid, roles, declares, release, version, startedAt, renewedAt, vitals } = node
  const apps = declares.map(({ app }) => app)
  return { id, phase, host, pid, roles, apps, release, version, startedAt, renewedAt, vitals }
}

/** Tasks with unfinished jobs that no live node would run. */
export function unknownTasks(backlogs: readonly TaskBacklog[], nodes: readonly NodeState[]): TaskBacklog[] {
  const known = new Set(nodes.filter(isAlive).flatMap(({ tasks }) => tasks))
  return backlogs.filter(({ task }) => !known.has(task))
}
