import type { Command } from 'commander'
import type { ExitCode } from '../../launcher/exit-codes.ts'
import type { Inspection } from '../../launcher/protocol.ts'
import { addCommand, type Invocation, option, type Ran } from '../command.ts'
import type { ExitStatus } from '../failures.ts'
import { WrongUse } from '../failures.ts'
import { assertPortsFree } from '../process/listen-problem.ts'
import { Launch } from './launch.ts'
import type { Output } from '../output.ts'
import { startAlone } from '../process/start-alone.ts'
import { appOptions, DEFAULT_READY_MS, restartOptions, startOptions, type StartFlags } from './start-options.ts'
import { configInWords } from './start-words.ts'
import { tellStarted } from './tell-started.ts'

interface OwnOptions extends StartFlags {
  readonly maxRequests?: number
  readonly printConfig?: boolean
  readonly master: boolean
}

export function addStart(program: Command, ran: Ran): void {
  addCommand<OwnOptions>(program, ran, {
    usage: 'start',
    description:
      'run the config\'s web app, schedules and tasks in the processes of a topology, until SIGTERM or SIGINT; SIGHUP or "escapement reload" replaces them one by one',
    examples: [
      'escapement start',
      'escapement start --topology dedicated --web 4',
      'escapement start --topology fleet --roles worker --workers 8',
      'escapement start --print-config'
    ],
    options: [
      ...startOptions(),
      ...restartOptions(),
      option('--no-master', 'run the only process of the topology in this one: nothing restarts or reloads it'),
      option('--print-config', 'only show the effective settings, and where each comes from')
    ],
    run: start
  })
}

async function start({ options, output }: Invocation<OwnOptions>): Promise<ExitStatus> {
  const { maxRequests = 0, readyTimeout = DEFAULT_READY_MS, prefix, printConfig = false } = options
  const launch = new Launch({
    options: appOptions(options),
    maxRequests,
    readyWithinMs: readyTimeout,
    hasPrefixes: prefix,
    isJson: output.isJson,
    waitsForChange: false,
    env: {}
  })
  if (!options.master && !printConfig) return startAlone(appOptions(options), output)
  const inspection = await launch.inspect()
  if (printConfig) {
    const { settings, processes } = inspection
    output.answer({ settings, processes }, () => configInWords(inspection))
    return 0
  }
  return runMaster(launch, inspection, output)
}

async function runMaster(launch: Launch, inspection: Inspection, output: Output): Promise<ExitCode> {
  if (inspection.processes.length === 0)
    throw new WrongUse('Nothing is left to start: no process of the topology has one of the chosen roles.')
  await assertPortsFree(inspection.processes)
  const master = launch.master(inspection)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => master.stopFor(signal))
  process.on('SIGHUP', () => master.roll())
  await tellStarted(master, inspection, output)
  const code = await master.over
  launch.forget(inspection)
  return code
}
