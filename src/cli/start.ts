import type { Command } from 'commander'
import type { Escapement } from '../index.ts'
import { parseRoles } from '../settings/roles.ts'
import type { Role, Settings } from '../settings/settings.ts'
import { parseDuration } from './arguments.ts'
import { databaseUrl } from './books.ts'
import { addCommand, type Invocation, option, type Ran } from './command.ts'
import { loadAppConfig } from './config-file.ts'
import type { ExitStatus } from './failures.ts'
import type { Output } from './output.ts'

/** After a second signal handlers have this long. */
const HASTY_GRACE_MS = 1_000

interface StartOptions {
  readonly roles?: Role[]
  readonly grace?: number
}

export function addStart(program: Command, ran: Ran): void {
  addCommand<StartOptions>(program, ran, {
    usage: 'start',
    description:
      "run the config's schedules and tasks in this process, until SIGTERM or SIGINT; a second signal shortens the wait for handlers",
    examples: ['escapement start', 'escapement start --roles worker --grace 30s'],
    options: [
      option('--roles <list>', 'web, scheduler, worker; goes before the config and the environment', text =>
        parseRoles(text, '--roles')
      ),
      option(
        '--grace <duration>',
        'how long handlers may take to end (default: shutdownGrace of the config)',
        parseDuration
      )
    ],
    run: start
  })
}

async function start({ options, output }: Invocation<StartOptions>): Promise<ExitStatus> {
  const { config, path } = await loadAppConfig(options)
  const { createEscapement } = await import('../index.ts')
  const escapement = createEscapement(options.roles === undefined ? config : { ...config, roles: options.roles })
  const isAsked = stopRequests(escapement, { output, graceMs: options.grace })
  await escapement.start()
  const from = options.roles === undefined ? escapement.settings.rolesFrom : '--roles'
  tellStarted(escapement.settings, { output, from, path })
  await isAsked
  return 0
}

function tellStarted(
  settings: Settings,
  { output, from, path }: { output: Output; from: string; path: string | undefined }
): void {
  const { roles, tasks, schedules } = settings
  const database = databaseUrl(settings.database)
  const answer = {
    config: path,
    database,
    roles,
    rolesFrom: from,
    tasks: tasks.map(({ name }) => name),
    schedules: schedules.map(({ id }) => id),
    pid: process.pid
  }
  output.answer(answer, () => {
    const amounts = `${count(tasks.length, 'task')}, ${count(schedules.length, 'schedule')}`
    return `Started: roles ${roles.join(', ')} (from ${from}), ${amounts}, books ${database}.`
  })
}

const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`

interface StopOptions {
  readonly output: Output
  readonly graceMs: number | undefined
}

/** Resolves when a signal has come and everything has ended; a signal during the start counts too. */
function stopRequests(escapement: Escapement, { output, graceMs }: StopOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let signals = 0
    const stop = (signal: NodeJS.Signals): void => {
      signals += 1
      const hasty = signals > 1
      output.notice(
        hasty
          ? `${signal} again: handlers have ${HASTY_GRACE_MS} ms more.`
          : `${signal}: stopping when the running jobs have ended.`
      )
      const chosen = hasty ? { graceMs: HASTY_GRACE_MS } : graceMs === undefined ? {} : { graceMs }
      escapement.stop(chosen).then(resolve, reject)
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}
