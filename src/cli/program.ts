import { Command } from 'commander'
import type { Ran } from './command.ts'
import { addAudit } from './show/audit.ts'
import { addDoctor } from './show/doctor.ts'
import { addDev } from './start/dev.ts'
import { addEnqueue } from './steer/enqueue.ts'
import { addExplain } from './show/explain.ts'
import { addExport } from './books/export.ts'
import { type ExitStatus, commandFailureOf } from './failures.ts'
import { addImport } from './books/import.ts'
import { addInit } from './init.ts'
import { addJobs } from './steer/jobs.ts'
import { addMigrate } from './books/migrate.ts'
import { addPreview } from './show/preview.ts'
import { addReload } from './start/reload.ts'
import { addSchedules } from './steer/schedules.ts'
import { addStart } from './start/start.ts'
import { addIncidents } from './steer/incidents.ts'
import { addTokens } from './steer/tokens.ts'
import { addStatus } from './show/status.ts'
import { addVerify } from './show/verify.ts'
import { packageVersion } from '../version.ts'

/** Runs one command line. Resolves with its exit status, and never rejects. */
export async function runProgram(args: readonly string[]): Promise<ExitStatus> {
  const ran: Ran = { status: 0 }
  process.stdout.on('error', endQuietly)
  try {
    await makeProgram(ran).parseAsync(args, { from: 'user' })
    return ran.status
  } catch (error) {
    return tell(error, args.includes('--json'))
  }
}

function makeProgram(ran: Ran): Command {
  const program = new Command('escapement')
    .description('Schedules that fire once, jobs, and the books that prove it')
    .version(packageVersion)
    .exitOverride()
    .showHelpAfterError('(add --help for the options and an example)')
    .addHelpText('after', '\nExample:\n  $ escapement preview --cron "0 9 * * mon-fri" --timezone Europe/Paris')
  for (const add of [
    addInit,
    addStart,
    addDev,
    addReload,
    addMigrate,
    addExport,
    addImport,
    addStatus,
    addDoctor,
    addPreview,
    addExplain,
    addVerify,
    addAudit,
    addSchedules,
    addJobs,
    addEnqueue,
    addTokens,
    addIncidents
  ])
    add(program, ran)
  return program
}

function tell(error: unknown, isJson: boolean): ExitStatus {
  const { status, code, message, isPrinted } = commandFailureOf(error)
  if (!isPrinted) process.stderr.write(`error: ${message}\n`)
  if (isJson && status !== 0) process.stdout.write(`${JSON.stringify({ error: { code, message } }, undefined, 2)}\n`)
  return status
}

/** The reader of the output, such as `head`, had enough of it. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
}
