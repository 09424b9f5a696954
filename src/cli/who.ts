import { hostname, userInfo } from 'node:os'
import { InvalidArgumentError, type Option } from 'commander'
import { type By, isLine, MAX_REASON_LENGTH } from '../core/access/by.ts'
import { option } from './command.ts'

/** The options of commands that change something. */
export interface ReasonOptions {
  readonly reason?: string
}

export const reasonOption: Option = option('--reason <text>', 'why: for the audit', text => {
  if (isLine(text, MAX_REASON_LENGTH)) return text
  throw new InvalidArgumentError(`It takes 1 to ${MAX_REASON_LENGTH} characters on one line.`)
})

/** Who runs this command: the user and the host, since nobody has logged in. */
export const whoRuns = ({ reason }: ReasonOptions): By => ({
  actor: `${userName()}@${hostname()}`.slice(0, 200),
  via: 'cli',
  reason
})

/** A container may run under a number that has no name. */
function userName(): string {
  const named = process.env['USER'] ?? process.env['USERNAME']
  if (named !== undefined && isLine(named, 100)) return named
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
