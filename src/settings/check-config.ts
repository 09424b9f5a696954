import * as v from 'valibot'
import { EscapementError } from '../core/errors.ts'
import { didYouMean } from '../core/options/nearest.ts'
import { invalidSetting } from './kinds/invalid.ts'
import type { Group } from './row.ts'
import { app } from './rows/app.ts'
import type { EscapementConfig } from './settings.ts'
import { codeGroups, table } from './table.ts'

/** The message of each issue is what the setting takes, so that an error can say it. */
function entriesOf(rows: Group): Record<string, v.GenericSchema> {
  const entries = Object.entries(rows).map(([key, { kind }]) => [
    key,
    v.optional(v.custom(value => kind.isTaken(value), kind.takes))
  ])
  return Object.fromEntries(entries) as Record<string, v.GenericSchema>
}

/** Groups have no other keys than these. */
const groupEntries = Object.entries(codeGroups).map(([name, rows]) => [
  name,
  v.optional(v.strictObject(entriesOf(rows), 'an object'))
])

/** The form of `EscapementConfig`. */
const configSchema = v.strictObject(
  { ...entriesOf(app), ...(Object.fromEntries(groupEntries) as Record<string, v.GenericSchema>) },
  'an object'
)

/**
 * @throws EscapementError `config-invalid`: an unknown setting with its nearest neighbour, or one of the wrong form
 * with what it got and what it takes.
 */
export function checkConfig(config: unknown): asserts config is EscapementConfig {
  const { issues } = v.safeParse(configSchema, config)
  const issue = issues?.find(each => isUnknownKey(each)) ?? issues?.[0]
  if (issue === undefined) return
  const path = (issue.path ?? []).map(step => String(step.key))
  if (isUnknownKey(issue)) throw unknownKey(path)
  const name = path.join('.')
  const cure = table.find(each => each.name === name)?.row.kind.cure?.(issue.input)
  throw invalidSetting(name === '' ? 'The configuration' : `"${name}"`, issue.input, issue.message, cure)
}

const isUnknownKey = (issue: v.InferIssue<typeof configSchema>): boolean =>
  issue.type === 'strict_object' && issue.expected === 'never'

function unknownKey(path: readonly string[]): EscapementError {
  const [group = '', inGroup] = path
  const where = inGroup === undefined ? 'The configuration' : `"${group}" in the configuration`
  const name = inGroup ?? group
  const known = inGroup === undefined ? Object.keys(configSchema.entries) : keysOfGroup(group)
  return new EscapementError(
    'config-invalid',
    `${where} has the unknown setting ${JSON.stringify(name)}; ${didYouMean(name, known)}`
  )
}

const keysOfGroup = (name: string): string[] =>
  Object.hasOwn(codeGroups, name) ? Object.keys(codeGroups[name as keyof typeof codeGroups]) : []
