import { isDuration } from '../options/duration.ts'
import { meantDuration } from '../options/meant-duration.ts'
import { nearestName } from '../options/nearest.ts'

const kinds = ['fixed', 'exponential']

/** What a value that is not a retry policy most likely meant: a sentence for the error. */
export function retryCure(given: unknown): string | undefined {
  if (typeof given === 'number') return cureOfNumber(given)
  if (given === true) return 'Leave it out for the default, exponential from 1 s to 1 h.'
  if (given === false || given === null) return 'For a task that is not retried set maxAttempts: 1.'
  if (typeof given === 'string') return cureOfText(given.trim())
  return typeof given === 'object' ? cureOfObject(given as Readonly<Record<string, unknown>>) : undefined
}

/** In other libraries `retry` is the number of retries; here that is another option. */
function cureOfNumber(given: number): string | undefined {
  return Number.isInteger(given) && given >= 0
    ? `For how often it is tried set maxAttempts: ${given + 1}; for a delay in milliseconds retry: { kind: "fixed", delay: ${given} }.`
    : undefined
}

function cureOfText(text: string): string | undefined {
  if (isDuration(text)) return `Write retry: { kind: "fixed", delay: ${JSON.stringify(text)} }.`
  if (/^\d+$/.test(text)) return cureOfNumber(Number(text))
  const kind = nearestName(text, kinds)
  if (kind === 'exponential') return 'Write retry: { kind: "exponential" }.'
  if (kind === 'fixed' || /^(linear|constant)$/i.test(text)) return 'Write retry: { kind: "fixed", delay: "30s" }.'
  if (/^(none|never|off|no)$/i.test(text)) return 'For a task that is not retried set maxAttempts: 1.'
  const meant = meantDuration(text)
  return meant === undefined ? undefined : `Write retry: { kind: "fixed", delay: ${meant} }.`
}

function cureOfObject(given: Readonly<Record<string, unknown>>): string | undefined {
  const other = ['type', 'strategy', 'backoff', 'name'].find(name => typeof given[name] === 'string')
  const said = given['kind'] ?? (other === undefined ? undefined : given[other])
  const kind = typeof said === 'string' ? nearestName(said, kinds) : undefined
  if (kind !== undefined) return `Write kind: "${kind}".`
  if (Object.keys(given).some(name => /^(max)?(attempts|retries|limit|retrylimit|maxattempts)$/i.test(name)))
    return 'How often it is tried is maxAttempts, an option of the task.'
  if ('delay' in given) return 'Add kind: "fixed".'
  return ['base', 'factor', 'max', 'jitter'].some(name => name in given) ? 'Add kind: "exponential".' : undefined
}
