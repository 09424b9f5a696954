import { type OwnerFacts, refusedInWords } from '../views/owners.ts'
import type { Facts } from './facts.ts'
import { type Check, note, problem } from './finding.ts'
import { some } from './some.ts'
import { isAlive } from '../store/nodes.ts'

const NONE: OwnerFacts = { orphans: [], unnamed: [], keptRemoved: [], differing: [], refused: [], strangers: [] }
const ownersOf = ({ owners }: Facts): OwnerFacts => owners ?? NONE

/** A live process whose definitions differ from the books: it has an older deployment, or was left behind. */
export const sameDefinitions: Check = facts =>
  ownersOf(facts).differing.map(({ process, release, scheduleIds }) =>
    problem('definitions-differ', {
      what: `${process} (release ${release}) defines schedules differently from the books: ${some(scheduleIds)}.`,
      why: 'The newer deployment decides. This is normal during a deployment. If it lasts, a process was left behind, or the newer deployment has no higher release.',
      fix: 'ESCAPEMENT_RELEASE, higher with each deployment; then restart the old processes (escapement reload)'
    })
  )

export const idsOwned: Check = facts =>
  ownersOf(facts).refused.map(each =>
    problem('schedule-refused', {
      what: `${refusedInWords(each)}.`,
      why: `An id belongs to who had it first: what the code of "${each.app}" declares under it never fires.`,
      fix: `another id in the code of "${each.app}"; or, if it is no longer wanted where it is, escapement schedules remove ${each.scheduleId}`
    })
  )

export const orphansKnown: Check = facts => {
  const { orphans } = ownersOf(facts)
  if (orphans.length === 0) return []
  const firing = orphans.filter(({ phase }) => phase === 'active')
  const fate = firing.length === 0 ? 'None of them fires.' : `${firing.length} of them still fire.`
  return [
    note('schedules-orphaned', {
      what: `No code names these schedules any more: ${some(orphans.map(({ id }) => id))}. ${fate}`,
      why: 'Those that fire still create jobs, perhaps of tasks that no process knows.',
      fix: `escapement schedules remove ${orphans[0]!.id}; or orphans: 'pause' in the config of the app; or name them again`
    })
  ]
}

export const removedStay: Check = facts => {
  const { keptRemoved } = ownersOf(facts)
  if (keptRemoved.length === 0) return []
  return [
    note('schedules-removed-for-good', {
      what: `Code names these schedules, but they were removed for good: ${some(keptRemoved)}.`,
      why: 'No start brings them back.',
      fix: `escapement schedules remove ${keptRemoved[0]!}, without --for-good: the next start brings it back; or take it out of the code`
    })
  ]
}

export const appsNamed: Check = facts => {
  const { strangers, unnamed } = ownersOf(facts)
  const fix = `name: 'shop' in the config of each app`
  if (strangers.length > 0)
    return [
      problem('apps-nameless', {
        what: `Live processes declare different schedules under the default app name: ${strangers.join('; ')}.`,
        why: "They seem to be several apps. Then an orphan of one can't be told from a schedule of another, and an id that both use belongs to the newer release.",
        fix
      })
    ]
  if (unnamed.length === 0) return []
  return [
    note('schedules-unnamed', {
      what: `No live process names these schedules of the default app name, and they still fire: ${some(unnamed)}.`,
      why: 'An app without a name has no orphans: these may belong to another app, which does not run now.',
      fix: `${fix}; or escapement schedules remove ${unnamed[0]!}`
    })
  ]
}

/** Two apps have a task of the same name: workers of one run jobs of the other. */
export const tasksOfOneApp: Check = ({ nodes }) => {
  const apps = new Map<string, Set<string>>()
  for (const { tasks, declares } of nodes.filter(isAlive))
    for (const task of tasks) apps.set(task, new Set([...(apps.get(task) ?? []), ...declares.map(({ app }) => app)]))
  const shared = [...apps].filter(([task, names]) => names.size > 1 && !isOfOneProcess(task, nodes))
  if (shared.length === 0) return []
  const named = shared.map(([task, names]) => `${task} (${[...names].sort().join(', ')})`)
  return [
    problem('tasks-shared', {
      what: `Several apps on these books have a task of the same name: ${some(named)}.`,
      why: 'Jobs are found by the name of their task: the workers of one app run those of the other.',
      fix: 'a name of its own for each task (task("shop.report", …)), or books of its own for each app (postgres.schema)'
    })
  ]
}

/** Whether all processes that know the task have the same apps: two apps in one process share it on purpose. */
function isOfOneProcess(task: string, nodes: Facts['nodes']): boolean {
  const knowing = nodes.filter(node => isAlive(node) && node.tasks.includes(task))
  const names = knowing.map(({ declares }) =>
    declares
      .map(({ app }) => app)
      .sort()
      .join('\n')
  )
  return new Set(names).size === 1
}
