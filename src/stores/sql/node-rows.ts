import type { NodeState } from '../../store/nodes.ts'

export const NODE_COLUMNS =
  'id, host, pid, boot_id, roles, tasks, declares, release, version, timezone_data, counter, phase, started_at, renewed_at'

export type NodeRow = readonly [
  id: string,
  host: string,
  pid: number,
  bootId: string,
  roles: string,
  tasks: string,
  declares: string,
  release: number,
  version: string,
  timezoneData: string,
  counter: number,
  phase: string,
  startedAt: number,
  renewedAt: number
]

export function nodeOf(row: NodeRow): NodeState {
  const [id, host, pid, bootId, roles, tasks, declares, release, version, timezoneData, counter, phase, ...at] = row
  return {
    id,
    host,
    pid,
    bootId,
    roles: JSON.parse(roles) as string[],
    tasks: JSON.parse(tasks) as string[],
    declares: JSON.parse(declares) as NodeState['declares'],
    release,
    version,
    timezoneData,
    counter,
    phase: phase as NodeState['phase'],
    startedAt: at[0],
    renewedAt: at[1]
  }
}
