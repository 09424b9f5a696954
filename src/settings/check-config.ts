import * as v from 'valibot'
import { durationCure } from '../core/duration.ts'
import { EscapementError } from '../core/errors.ts'
import { zoneCure } from '../core/trigger/zone-cure.ts'
import { configSchema } from './config-schema.ts'
import { invalidSetting } from './invalid.ts'
import { didYouMean } from '../core/nearest.ts'
import type { EscapementConfig } from './settings.ts'

/**
 * @throws EscapementError `config-invalid`: an unknown setting with its nearest neighbour, or one of the wrong form with
 * what it got and what it takes.
 */
export function checkConfig(config: unknown): asserts config is EscapementConfig {
  const { issues } = v.safeParse(configSchema, config)
  const issue = issues?.find(each => isUnknownKey(each)) ?? issues?.[0]
  if (issue === undefined) return
  const path = (issue.path ?? []).map(step => String(step.key))
  if (isUnknownKey(issue)) throw unknownKey(path)
  const name = path.length === 0 ? 'The configuration' : `"${path.join('.')}"`
  throw invalidSetting(name, issue.input, issue.message, cureOf(path.at(-1), issue))
}

function cureOf(setting: string | undefined, { input, message }: Issue): string | undefined {
  if (setting === 'timezone') return zoneCure(input)
  return message.startsWith('a duration') ? durationCure(input) : undefined
}

type Issue = v.InferIssue<typeof configSchema>

const isUnknownKey = (issue: Issue): boolean => issue.type === 'strict_object' && issue.expected === 'never'

function unknownKey(path: readonly string[]): EscapementError {
  const parents = path.slice(0, -1)
  const name = path.at(-1) ?? ''
  const where = parents.length === 0 ? 'The configuration' : `"${parents.join('.')}" in the configuration`
  const known = parents.length === 0 ? Object.keys(configSchema.entries) : keysOfGroup(parents[0] ?? '')
  return new EscapementError(
    'config-invalid',
    `${where} has the unknown setting ${JSON.stringify(name)}; ${didYouMean(name, known)}`
  )
}

function keysOfGroup(name: string): string[] {
  const entry: unknown = Object.hasOwn(configSchema.entries, name)
    ? configSchema.entries[name as keyof EscapementConfig]
    : undefined
  const wrapped = entry as { readonly wrapped?: { readonly entries?: object } } | undefined
  return Object.keys(wrapped?.wrapped?.entries ?? {})
}
