import { EscapementError } from '../../core/errors.ts'
import { didYouMean } from '../../core/options/nearest.ts'
import { invalidSetting } from './invalid.ts'
import type { Kind } from './kind.ts'
import type { Topology } from './topologies.ts'

/** `web` only enqueues and reads; `scheduler` decides fire times; `worker` runs jobs. */
export const roles = ['web', 'scheduler', 'worker'] as const
/** What a process does: `web` serves requests, `scheduler` decides what is due, `worker` runs jobs. */
export type Role = (typeof roles)[number]

/** The roles of a process that only serves requests. */
export const SERVING: readonly Role[] = ['web']

/**
 * The roles of a process that was given none: all of them, unless the topology separates the roles; then it only
 * serves. `escapement start` gives each process the roles of its position in the topology.
 */
export const rolesIn = (topology: Topology): readonly Role[] =>
  topology === 'dedicated' || topology === 'fleet' ? SERVING : roles

/** What a list of roles takes, in words. */
export const ROLES_TAKE = 'a list of one or more of "web", "scheduler", "worker"'

export const isRoleList = (value: unknown): value is readonly Role[] =>
  Array.isArray(value) && value.length > 0 && value.every(each => (roles as readonly unknown[]).includes(each))

/** In code a list, in a variable a text such as `web,worker`. */
export const roleList: Kind<readonly Role[]> = {
  takes: ROLES_TAKE,
  textTakes: 'one or more of web, scheduler, worker, separated by commas',
  isTaken: isRoleList,
  fromCode: inOrder,
  fromText: (text, setting) => inOrder(parseRoles(text, setting)),
  unit: ''
}

/** Reads a list such as `web,worker`. Errors name `setting`. */
function parseRoles(text: string, setting: string): Role[] {
  const names = text.split(',').map(name => name.trim().toLowerCase())
  if (names.every(name => name === ''))
    throw invalidSetting(setting, text, 'roles separated by commas: "web", "scheduler", "worker"')
  return names.filter(name => name !== '').map(name => roleOf(name, setting))
}

function roleOf(name: string, setting: string): Role {
  const role = roles.find(each => each === name)
  if (role !== undefined) return role
  throw new EscapementError(
    'config-invalid',
    `${setting} names the role ${JSON.stringify(name)}; ${didYouMean(name, roles)}`
  )
}

function inOrder(chosen: readonly Role[]): readonly Role[] {
  return roles.filter(role => chosen.includes(role))
}
