import { CommanderError } from 'commander'
import type { ErrorCode, EscapementError } from '../core/errors.ts'
import type { ExitCode } from '../launcher/exit-codes.ts'
import type { StartFailure } from '../launcher/protocol.ts'

/**
 * 0: done, and all is well. 1: failed, or found a problem. 2: used wrongly. The rest are of `start`: see `exitCodes`.
 */
export type ExitStatus = ExitCode

/** A failure with its own exit status, such as one that a started process reported. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly failure: StartFailure

  constructor(failure: StartFailure) {
    super(failure.message)
    this.failure = failure
  }
}

/** Arguments that don't fit together, or that only the command itself can judge. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}

const wrongUseCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'config-invalid',
  'cron-impossible',
  'cron-invalid',
  'duration-invalid',
  'id-invalid',
  'options-invalid',
  'payload-invalid',
  'schedule-invalid',
  'task-invalid',
  'timezone-invalid',
  'trigger-invalid'
])

export interface CommandFailure {
  readonly status: ExitStatus
  readonly code: string
  readonly message: string
  /** Printed already, where it was thrown. */
  readonly isPrinted: boolean
}

/** The exit status and the message for an error. */
export function commandFailureOf(error: unknown): CommandFailure {
  if (error instanceof WrongUse) return { status: 2, code: 'wrong-use', message: error.message, isPrinted: false }
  if (error instanceof Refused) return { ...error.failure, isPrinted: false }
  if (error instanceof CommanderError) {
    const isHelp = error.code === 'commander.helpDisplayed' || error.code === 'commander.version'
    const message = error.message.replace(/^error: /, '')
    return { status: isHelp ? 0 : 2, code: isHelp ? 'help' : 'wrong-use', message, isPrinted: true }
  }
  if (isOfEscapement(error))
    return { status: wrongUseCodes.has(error.code) ? 2 : 1, code: error.code, message: error.message, isPrinted: false }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { status: 1, code: 'failed', message, isPrinted: false }
}

/** True also for errors of another copy of Escapement, which the app's config may have loaded. */
export function isOfEscapement(error: unknown): error is EscapementError {
  return error instanceof Error && error.name === 'EscapementError' && 'code' in error
}
