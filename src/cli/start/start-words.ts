import type { Inspection } from '../../launcher/protocol.ts'
import { tokenFileOf } from '../../launcher/api-token.ts'
import type { MasterRecord } from '../../launcher/master/run-file.ts'
import { textTable } from '../output.ts'

/** What a start prints as JSON once all is ready. */
export function startAnswer(inspection: Inspection, processes: MasterRecord['processes']) {
  const { config, database, connectionsEach, topology, topologyFrom, roles, rolesFrom, tasks, schedules } = inspection
  const started = inspection.processes.map(({ name, listen }) => {
    const { pid = null, roles = [], url = null } = processes.find(each => each.name === name) ?? {}
    return {
      name,
      pid,
      roles,
      url,
      serves: listen.servesApp ? 'app' : 'api',
      api: listen.api
    }
  })
  return {
    config,
    database,
    connections: connectionsEach === null ? null : { each: connectionsEach, total: connectionsEach * started.length },
    topology,
    topologyFrom,
    roles,
    rolesFrom,
    tasks,
    schedules,
    pid: process.pid,
    processes: started
  }
}

export function startInWords(inspection: Inspection, processes: MasterRecord['processes']): string {
  const { topology, topologyFrom, roles, rolesFrom, tasks, schedules, database } = inspection
  const amounts = `${count(tasks.length, 'task')}, ${count(schedules.length, 'schedule')}`
  const { processes: started, connections } = startAnswer(inspection, processes)
  return [
    `Started: topology ${topology} (from ${topologyFrom}), roles ${roles.join(', ')} (from ${rolesFrom}), ${amounts}, books ${database}.`,
    ...started.map(each => `  ${each.name} (pid ${each.pid}): ${each.roles.join(', ')}${addressOf(each)}`),
    ...(connections === null ? [] : [budgetOf(connections)]),
    ...(inspection.needsToken ? [tokenWords(inspection)] : [])
  ].join('\n')
}

const tokenWords = ({ runDirectory }: Inspection): string =>
  `Management API: its token is in ${tokenFileOf(runDirectory)}, since SCHEDULER_API_TOKEN is not set.`

const budgetOf = ({ each, total }: { readonly each: number; readonly total: number }): string =>
  `Connections to PostgreSQL: at most ${each} in each process (${each - 1} in its pool, 1 that listens), ${total} in all.`

function addressOf({ url, serves }: { readonly url: string | null; readonly serves: string }): string {
  return url === null ? '' : ` at ${url}${serves === 'api' ? ' (management API)' : ''}`
}

const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`

/** The effective settings, each with its source, and the processes that a start would run. */
export function configInWords({ settings, processes }: Inspection): string {
  const rows = settings.map(({ setting, value, from }) => [setting, value === null ? undefined : String(value), from])
  const plans = processes.map(({ name, roles, listen }) => [
    name,
    roles.join(', '),
    `${listen.host}:${listen.port}`,
    listen.api
  ])
  return [
    textTable(['setting', 'value', 'from'], rows, ''),
    '',
    textTable(['process', 'roles', 'listens', 'API'], plans, 'There are no processes to start.')
  ].join('\n')
}
