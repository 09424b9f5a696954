import { setTimeout as pass } from 'node:timers/promises'
import type { Command } from 'commander'
import { EscapementError } from '../../core/errors.ts'
import { liveMasters, type MasterRecord, type Rolled } from '../../launcher/master/run-file.ts'
import { runDirectoryIn } from '../../settings/launch.ts'
import { parseDuration, wholeNumberArgument } from '../arguments.ts'
import { addCommand, type Invocation, option, type Ran } from '../command.ts'
import { loadDotEnv } from '../config-file.ts'
import { type ExitStatus, WrongUse } from '../failures.ts'

const DEFAULT_WAIT_MS = 120_000
const LOOK_EVERY_MS = 100
const MAX_PID = 2 ** 22

interface ReloadOptions {
  readonly pid?: number
  readonly wait?: number
}

export function addReload(program: Command, ran: Ran): void {
  addCommand<ReloadOptions>(program, ran, {
    usage: 'reload',
    description:
      'replace the processes of a running "escapement start" one by one, without refusing a request; wait until it is done',
    examples: ['escapement reload', 'escapement reload --pid 4711 --wait 5m'],
    needsBooks: false,
    options: [
      option('--pid <number>', 'which master, if several run', wholeNumberArgument(1, MAX_PID)),
      option('--wait <duration>', 'how long to wait for the result (default: 2m)', parseDuration)
    ],
    run: reload
  })
}

async function reload({ options, output }: Invocation<ReloadOptions>): Promise<ExitStatus> {
  loadDotEnv()
  const directory = runDirectoryIn(process.env)
  const { pid, rolls } = theMaster(directory, options.pid)
  process.kill(pid, 'SIGHUP')
  const { ok, isReplaced, message } = await outcomeAfter(directory, { pid, rolls }, options.wait ?? DEFAULT_WAIT_MS)
  output.answer({ master: pid, ok, message }, () => {
    if (ok) return `Reloaded (master ${pid}).`
    return isReplaced ? `Reloaded, but not in order: ${message}` : `Not reloaded: ${message}`
  })
  return ok ? 0 : 1
}

function theMaster(directory: string, pid: number | undefined): MasterRecord {
  const masters = liveMasters(directory).filter(each => pid === undefined || each.pid === pid)
  const [master, ...others] = masters
  if (master === undefined)
    throw new EscapementError(
      'master-unknown',
      `No running "escapement start"${pid === undefined ? '' : ` with the pid ${pid}`} is recorded in ${directory}; ESCAPEMENT_RUN_DIR names another folder.`
    )
  if (others.length > 0)
    throw new WrongUse(`${masters.length} masters run; choose with --pid: ${masters.map(each => each.pid).join(', ')}.`)
  return master
}

/** The outcome of the first roll that begins after this many, from the master's record. */
async function outcomeAfter(
  directory: string,
  { pid, rolls }: Pick<MasterRecord, 'pid' | 'rolls'>,
  waitMs: number
): Promise<Rolled> {
  const unknown = (message: string): Rolled => ({ ok: false, message })
  const deadlineAt = performance.now() + waitMs
  while (performance.now() < deadlineAt) {
    await pass(LOOK_EVERY_MS)
    const master = liveMasters(directory).find(each => each.pid === pid)
    if (master === undefined) return unknown(`the master ${pid} has ended`)
    if (master.rolls > rolls && master.rolled !== null) return master.rolled
  }
  return unknown(`not finished after ${waitMs} ms; the reload continues`)
}
