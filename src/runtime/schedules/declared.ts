import { createHash } from 'node:crypto'
import type { Declaration } from '../../core/schedule/change.ts'
import type { Schedule } from '../../core/schedule/declare.ts'
import type { OrphanPolicy } from '../../core/schedule/orphans.ts'
import { digested, digestOf } from '../../core/schedule/register.ts'
import type { AnyTask } from '../../core/job/task.ts'
import type { Settings } from '../../settings/settings.ts'
import type { SetMember } from '../../store/declarations.ts'

/** What one Escapement brings to the node of its process. */
export interface Brought extends Pick<Settings, 'name' | 'release' | 'defaults' | 'orphans'> {
  readonly tasks: readonly AnyTask[]
  readonly schedules: readonly Schedule[]
}

/** A schedule as this process declares it. */
export interface DeclaredSchedule extends Declaration, Pick<Schedule, 'isKeptAs'> {}

/** Everything that a process declares for one app, as one set, from all of its Escapements. */
export interface AppDeclarations {
  readonly app: string
  readonly release: number
  readonly orphans: OrphanPolicy
  readonly declarations: readonly DeclaredSchedule[]
  readonly hash: string
}

/** If two bring a schedule of the same id, the later one counts. So do its release and its policy for orphans. */
export function declaredBy(all: readonly Brought[]): AppDeclarations[] {
  const apps = [...new Set(all.map(({ name }) => name))]
  return apps.map(app => {
    const ofApp = all.filter(({ name }) => name === app)
    const { release, orphans } = ofApp.at(-1)!
    const byId = new Map(
      ofApp.flatMap(({ schedules, defaults }) => schedules.map(each => [each.id, { each, defaults }]))
    )
    const declarations = Array.from(byId.values(), ({ each, defaults }) => ({
      id: each.id,
      definition: each.define(defaults),
      app,
      release,
      isKeptAs: each.isKeptAs
    }))
    return { app, release, orphans, declarations, hash: hashOf(declarations) }
  })
}

/**
 * Hashes the texts as they are. If a hash differs without a real difference, the schedules are compared and found
 * equal.
 */
function hashOf(declarations: readonly Declaration[]): string {
  const sum = createHash('sha256')
  for (const { id, definition } of declarations) sum.update(JSON.stringify([id, digested(definition)]))
  return sum.digest('hex')
}

export const membersOf = (declarations: readonly Declaration[]): SetMember[] =>
  declarations.map(({ id, definition }) => [id, digestOf(definition)])
