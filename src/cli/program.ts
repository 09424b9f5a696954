import { Command } from 'commander'
import type { Ran } from './command.ts'
import { addDoctor } from './doctor.ts'
import { addDev } from './dev.ts'
import { addEnqueue } from './enqueue.ts'
import { addExplain } from './explain.ts'
import { addExport } from './export.ts'
import { type ExitStatus, failureOf } from './failures.ts'
import { addImport } from './import.ts'
import { addInit } from './init.ts'
import { addJobs } from './jobs.ts'
import { addMigrate } from './migrate.ts'
import { addPreview } from './preview.ts'
import { addReload } from './reload.ts'
import { addSchedules } from './schedules.ts'
import { addStart } from './start.ts'
import { addStatus } from './status.ts'
import { addVerify } from './verify.ts'
import { packageVersion } from '../version.ts'

/** Runs one command line. Answers its exit status, and never throws. */
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
    .version(packageVersion())
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
    addSchedules,
    addJobs,
    addEnqueue
  ])
    add(program, ran)
  return program
}

function tell(error: unknown, isJson: boolean): ExitStatus {
  const { status, code, message, isTold } = failureOf(error)
  if (!isTold) process.stderr.write(`error: ${message}\n`)
  if (isJson && status !== 0) process.stdout.write(`${JSON.stringify({ error: { code, message } }, undefined, 2)}\n`)
  return status
}

/** Whoever read the answer, `head` for one, had enough of it. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
}
