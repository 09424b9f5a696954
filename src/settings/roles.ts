import { EscapementError } from '../core/errors.ts'
import { invalidSetting } from './invalid.ts'
import { didYouMean } from '../core/nearest.ts'
import { type Role, roles, type Topology } from './settings.ts'

export interface ChosenRoles {
  readonly roles: readonly Role[]
  /** What they follow from. */
  readonly rolesFrom: 'code' | 'ESCAPEMENT_ROLES' | 'ENABLE_SCHEDULER' | 'topology' | 'default'
}

export interface RoleSources {
  readonly code: readonly Role[] | undefined
  readonly environment: readonly Role[] | undefined
  readonly enableScheduler: boolean | undefined
  readonly topology: Topology | undefined
}

/**
 * Code goes before `ESCAPEMENT_ROLES`, that before `ENABLE_SCHEDULER`, that before the topology; a process that nobody
 * told does everything. `escapement start` gives each process the roles of its place in the topology.
 */
export function chooseRoles({ code, environment, enableScheduler, topology }: RoleSources): ChosenRoles {
  if (code !== undefined) return { roles: inOrder(code), rolesFrom: 'code' }
  if (environment !== undefined) return { roles: inOrder(environment), rolesFrom: 'ESCAPEMENT_ROLES' }
  if (enableScheduler !== undefined) return { roles: enableScheduler ? roles : ['web'], rolesFrom: 'ENABLE_SCHEDULER' }
  if (topology === undefined) return { roles, rolesFrom: 'default' }
  // Where the roles are apart, a process that was started without a role is one of those that serve.
  return { roles: topology === 'dedicated' || topology === 'fleet' ? ['web'] : roles, rolesFrom: 'topology' }
}

/** What a list of roles takes, in words. */
export const ROLES_TAKE = 'a list of one or more of "web", "scheduler", "worker"'

export const isRoleList = (value: unknown): value is readonly Role[] =>
  Array.isArray(value) && value.length > 0 && value.every(each => (roles as readonly unknown[]).includes(each))

/** Reads a list such as `web,worker`. `setting` is what an error speaks of. */
export function parseRoles(text: string, setting: string): Role[] {
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

const inOrder = (chosen: readonly Role[]): Role[] => roles.filter(role => chosen.includes(role))
