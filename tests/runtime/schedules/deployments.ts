import { type Schedule, schedule } from '../../../src/core/schedule/declare.ts'
import { task } from '../../../src/core/job/task.ts'
import { every } from '../../../src/core/trigger/every.ts'
import type { ManualNode } from '../../../src/testing/manual-node.ts'
import { heard, type Lab } from '../lab.ts'

export const MINUTE = 60_000
export const load = task('load', { handler: () => undefined })
export const loads = (priority = 0, over: object = {}): Schedule =>
  schedule('loads', { task: load, trigger: every('1m'), priority, ...over })

interface Deployed {
  readonly name?: string
  readonly release?: number
  readonly orphans?: 'keep' | 'pause' | 'remove'
}

/** A node of a deployment, which has not started, and what it tells. */
export function nodeOf(lab: Lab, schedules: readonly Schedule[], config: Deployed = {}) {
  const node = lab.node({ tasks: [load], schedules, config: { name: 'harbour', ...config } })
  const emitted = {
    contested: heard(node.events, 'schedule.contested'),
    differs: heard(node.events, 'schedule.differs'),
    refused: heard(node.events, 'schedule.refused'),
    orphaned: heard(node.events, 'schedule.orphaned'),
    unnamed: heard(node.events, 'schedule.unnamed'),
    keptRemoved: heard(node.events, 'schedule.kept-removed')
  }
  return { node, emitted }
}

export async function deploy(lab: Lab, schedules: readonly Schedule[], config: Deployed = {}) {
  const deployed = nodeOf(lab, schedules, config)
  await deployed.node.start()
  return deployed
}

export const priorityIn = (lab: Lab, id = 'loads'): number | undefined =>
  lab.books.schedules.get(id)?.definition.priority
export const stateIn = (lab: Lab, id = 'loads') => lab.books.schedules.get(id)!
export const lookOf = (nodes: readonly { node: ManualNode }[]) => Promise.all(nodes.map(({ node }) => node.look()))
