import { timezoneData } from '../core/trigger/timezone-data.ts'
import type { NodeRecord } from '../store/nodes.ts'
import type { NodeOptions } from './node-options.ts'
import { bootId, host } from './process-facts.ts'

/** The node as it joins. Only a worker names tasks. */
export function nodeRecordOf(
  id: string,
  { roles, settings, version }: Pick<NodeOptions, 'roles' | 'settings' | 'version'>,
  code: Pick<NodeRecord, 'tasks' | 'declares'>
): NodeRecord {
  return {
    id,
    host,
    pid: process.pid,
    bootId: bootId(),
    roles,
    tasks: roles.includes('worker') ? code.tasks : [],
    declares: code.declares,
    release: settings.release,
    version,
    timezoneData
  }
}
