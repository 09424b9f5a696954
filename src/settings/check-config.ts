import { EscapementError } from '../core/errors.ts'
import { didYouMean } from '../core/options/nearest.ts'
import { invalidSetting } from './kinds/invalid.ts'
import type { Group } from './row.ts'
import { app } from './rows/app.ts'
import type { EscapementConfig } from './settings.ts'
import { codeGroups } from './table.ts'

/** A value of the configuration, by its place in it. */
interface Given {
  /** Such as "worker" or "worker.interval"; empty for the configuration itself. */
  readonly name: string
  readonly value: unknown
}

/**
 * @throws EscapementError `config-invalid`: an unknown setting with its nearest neighbour, or else the first one of the
 * wrong form with what it got and what it takes.
 */
export function checkConfig(config: unknown): asserts config is EscapementConfig {
  const members = membersOf({ name: '', value: config }, [...Object.keys(app), ...Object.keys(codeGroups)])
  const inGroups = members.flatMap(({ name, value }) =>
    isGroup(name) && value !== undefined
      ? membersOf({ name, value }, Object.keys(codeGroups[name])).map(member => ({ ...member, rows: codeGroups[name] }))
      : []
  )
  const single = members.filter(({ name }) => !isGroup(name)).map(member => ({ ...member, rows: app }))
  for (const { rows, ...member } of [...single, ...inGroups]) checkMember(member, rows)
}

function checkMember({ name, value }: Given, rows: Group): void {
  const { kind } = rows[name.slice(name.indexOf('.') + 1)]!
  if (value !== undefined && !kind.isTaken(value))
    throw invalidSetting(`"${name}"`, value, kind.takes, kind.cure?.(value))
}

const isGroup = (name: string): name is keyof typeof codeGroups => Object.hasOwn(codeGroups, name)

/** @throws EscapementError for what is no object, and for a member that is not known */
function membersOf({ name, value }: Given, known: readonly string[]): Given[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidSetting(name === '' ? 'The configuration' : `"${name}"`, value, 'an object')
  const unknown = Object.keys(value).find(key => !known.includes(key))
  if (unknown !== undefined) throw unknownSetting(name, unknown, known)
  return Object.entries(value).map(([key, member]) => ({ name: name === '' ? key : `${name}.${key}`, value: member }))
}

function unknownSetting(group: string, name: string, known: readonly string[]): EscapementError {
  const where = group === '' ? 'The configuration' : `"${group}" in the configuration`
  return new EscapementError(
    'config-invalid',
    `${where} has the unknown setting ${JSON.stringify(name)}; ${didYouMean(name, known)}`
  )
}
