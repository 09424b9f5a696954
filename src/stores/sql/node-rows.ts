import type { NodeReport, NodeState, Vitals } from '../../store/nodes.ts'

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

/** The text of the column; null: it stays as it is. */
export const vitalsText = (report: NodeReport | undefined): string | null =>
  report?.vitals === undefined ? null : JSON.stringify(report.vitals)

export const vitalsIn = (text: string | null): Vitals | undefined =>
  text === null ? undefined : { ...NO_VITALS, ...(JSON.parse(text) as Vitals) }

/** JSON leaves out what is undefined. */
const NO_VITALS = { loopLagMs: undefined, longestLagMs: undefined, clockSkewMs: undefined } as const

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
