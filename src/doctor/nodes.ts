import { isAlive, type NodeState } from '../store/nodes.ts'
import type { Facts } from './facts.ts'
import { type Check, note, problem } from './finding.ts'

/** Topologies in which one process is meant to schedule. */
const ONE_SCHEDULER: ReadonlySet<string | undefined> = new Set(['single', 'dedicated'])

/** Nodes that renew their lease. A node with phase `alive` may be dead, if no process is left to declare it lost. */
function renewing({ nodes, now, leaseTtlMs }: Facts): readonly NodeState[] {
  return nodes.filter(node => isAlive(node) && node.renewedAt >= now - leaseTtlMs)
}

const withRole = (facts: Facts, role: string): readonly NodeState[] =>
  renewing(facts).filter(({ roles }) => roles.includes(role))

const named = (nodes: readonly NodeState[]): string => nodes.map(({ host, pid }) => `${host}:${pid}`).join(', ')

export const someoneSchedules: Check = facts => {
  if (withRole(facts, 'scheduler').length > 0) return []
  return [
    problem('scheduler-missing', {
      what: 'No live process has the role of scheduler.',
      why: 'Nothing that becomes due is decided: no schedule fires until one is started.',
      fix: 'escapement start --topology single; or ENABLE_SCHEDULER=true in one of the running processes'
    })
  ]
}

export const noMoreScheduleThanMeant: Check = facts => {
  const schedulers = withRole(facts, 'scheduler')
  if (!ONE_SCHEDULER.has(facts.topology) || schedulers.length <= 1) return []
  return [
    problem('schedulers-several', {
      what: `${schedulers.length} processes schedule (${named(schedulers)}), but the topology "${facts.topology}" has one scheduler.`,
      why: 'Nothing fires twice, since the ledger decides; but what a scheduler does in addition to its schedules is done by each of them.',
      fix: 'ENABLE_SCHEDULER=false in the web processes; escapement status shows the roles of each'
    })
  ]
}

export const someoneWorks: Check = facts => {
  const waiting = facts.backlogs.reduce((sum, backlog) => sum + backlog.waiting, 0)
  if (waiting === 0 || withRole(facts, 'worker').length > 0) return []
  return [
    problem('worker-missing', {
      what: `${waiting} jobs wait, and no live process has the role of worker.`,
      why: 'Jobs are created and not run.',
      fix: 'escapement start --topology fleet --web 0 --workers 1'
    })
  ]
}

export const everyNodeRenews: Check = facts => {
  const living = new Set(renewing(facts))
  const silent = facts.nodes.filter(node => isAlive(node) && !living.has(node))
  if (silent.length === 0) return []
  return [
    problem('node-silent', {
      what: `Silent for more than ${facts.leaseTtlMs / 1_000} s, and not declared lost by anyone: ${named(silent)}.`,
      why: 'Another live process frees their jobs; there seems to be none.',
      fix: 'escapement start; or look at the logs of these processes for a blocked event loop'
    })
  ]
}

export const oneHostOnFiles: Check = facts => {
  const isFileSeat = facts.seats?.backend === 'file'
  const hosts = [...new Set(renewing(facts).map(({ host }) => host))]
  if (hosts.length <= 1 || (facts.reach === 'network' && !isFileSeat)) return []
  const what = facts.reach === 'network' ? 'The seats are locks on files' : 'The books are a file'
  return [
    problem('hosts-on-one-file', {
      what: `${what}, and processes of ${hosts.length} hosts use them: ${hosts.join(', ')}.`,
      why: 'A lock on a file holds on one host only: on a shared folder each host may believe that it has it.',
      fix: 'DATABASE_URL=postgres://… for the books; ESCAPEMENT_COORDINATION=store for the seats'
    })
  ]
}

export const sameTimezoneData: Check = facts => {
  const versions = [...new Set(renewing(facts).map(({ timezoneData }) => timezoneData))]
  if (versions.length <= 1) return []
  return [
    problem('timezone-data-differs', {
      what: `Live processes use different time-zone data: ${versions.join(', ')}.`,
      why: 'A zone that changed its rules between them fires at another instant, depending on which process decides.',
      fix: 'run the same release of Node everywhere (node -p process.versions.tz)'
    })
  ]
}

export const sameVersion: Check = facts => {
  const versions = [...new Set(renewing(facts).map(({ version, release }) => `${version} (release ${release})`))]
  if (versions.length <= 1) return []
  return [
    note('versions-mixed', {
      what: `Live processes differ: Escapement ${versions.join(', ')}.`,
      why: 'This is normal during a deployment. If it lasts, a process was left behind and runs old code.',
      fix: 'escapement status; then restart the old processes (escapement reload)'
    })
  ]
}
