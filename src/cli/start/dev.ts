import { relative } from 'node:path'
import type { Command } from 'commander'
import { exitCodes } from '../../launcher/exit-codes.ts'
import type { Master } from '../../launcher/master/master.ts'
import type { Inspection } from '../../launcher/protocol.ts'
import { nextChange } from '../../launcher/master/watch-folder.ts'
import { addCommand, type Invocation, type Ran } from '../command.ts'
import { type ExitStatus, Refused } from '../failures.ts'
import { assertPortsFree } from '../process/listen-problem.ts'
import { Launch } from './launch.ts'
import { appOptions, DEFAULT_READY_MS, startOptions, type StartFlags } from './start-options.ts'
import { tellStarted } from './tell-started.ts'

const DEFAULT_GRACE_MS = 2_000

export function addDev(program: Command, ran: Ran): void {
  addCommand<StartFlags>(program, ran, {
    usage: 'dev',
    description:
      'like "start"; whenever code or .env below this folder changes, end all processes, then start them again',
    examples: ['escapement dev', 'escapement dev --topology everywhere --web 2'],
    options: startOptions(),
    run: dev
  })
}

async function dev({ options, output }: Invocation<StartFlags>): Promise<ExitStatus> {
  const launch = new Launch({
    options: appOptions(options, { shutdownGrace: DEFAULT_GRACE_MS }),
    maxRequests: 0,
    readyWithinMs: options.readyTimeout ?? DEFAULT_READY_MS,
    hasPrefixes: options.prefix,
    isJson: output.isJson,
    waitsForChange: true,
    env: { NODE_ENV: 'development' }
  })
  let master: Master | undefined
  const ended = Promise.withResolvers<undefined>()
  // The terminal hung up, or the developer ended it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      ended.resolve(undefined)
      master?.stopFor(signal === 'SIGHUP' ? 'SIGTERM' : signal)
    })
  for (;;) {
    const change = nextChange(process.cwd())
    const inspection = await Promise.race([soundConfig(launch), ended.promise])
    master = inspection && launch.master(inspection)
    if (inspection && master) void tellStarted(master, inspection, output)
    const file = await Promise.race([change.file, ended.promise])
    change.end()
    if (file !== undefined)
      launch.notice(`${relative('.', file)} has changed: ending all processes, then starting them again`)
    if (file !== undefined) master?.stop('hasty')
    // Two generations never overlap: the new one starts when the last process of the old one has ended.
    const code = (await master?.over) ?? exitCodes.stopped
    if (inspection) launch.forget(inspection)
    if (file === undefined) return code
  }
}

/** Undefined: the config is not sound. This was logged, and a change has to fix it. */
async function soundConfig(launch: Launch): Promise<Inspection | undefined> {
  try {
    const inspection = await launch.inspect()
    await assertPortsFree(inspection.processes)
    return inspection
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    launch.notice(`${error.message} Waiting for a change.`)
    return undefined
  }
}
