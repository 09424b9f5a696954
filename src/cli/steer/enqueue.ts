import type { Command } from 'commander'
import { parseArgument, parseDuration, parseInstant, parseJson, wholeNumberArgument } from '../arguments.ts'
import { assertShared } from '../books/books.ts'
import { loadConfig } from '../config-file.ts'
import { reasonOption, type ReasonOptions, whoRuns } from '../who.ts'
import { addCommand, type Invocation, option, type Ran } from '../command.ts'
import { type ExitStatus, WrongUse } from '../failures.ts'
import type { EnqueueOptions } from '../../index.ts'

interface Options extends ReasonOptions {
  readonly delay?: number
  readonly runAt?: number
  readonly queue?: string
  readonly priority?: number
  readonly uniqueKey?: string
  readonly id?: string
}

export function addEnqueue(program: Command, ran: Ran): void {
  addCommand<Options>(program, ran, {
    usage: 'enqueue <task> [payload]',
    description: 'enqueue a job of a task that the config names; the payload is JSON (default: null)',
    examples: [`escapement enqueue mail '{"to":"ann@example.org"}' --delay 5m`],
    options: [
      option('--delay <duration>', 'not before this much time has passed', parseDuration),
      option('--run-at <instant>', 'not before this instant', parseInstant),
      option('--queue <name>', "default: the task's"),
      option(
        '--priority <n>',
        "-100 to 100, a lower number runs first; default: the task's",
        wholeNumberArgument(-100, 100)
      ),
      option('--unique-key <key>', 'at most one unfinished job of the task has it'),
      option('--id <uuid>', 'the id of the job; the same id twice gives one job'),
      reasonOption
    ],
    run: enqueue
  })
}

async function enqueue({ args, options, output }: Invocation<Options>): Promise<ExitStatus> {
  const [task, text] = args as [string, string | undefined]
  const payload = text === undefined ? null : parseArgument('The payload', text, parseJson)
  if (options.delay !== undefined && options.runAt !== undefined)
    throw new WrongUse('--delay and --run-at exclude each other.')
  const { config, settings } = await loadConfig(options)
  assertShared(settings.database)
  const { createEscapement } = await import('../../index.ts')
  const escapement = createEscapement(config)
  try {
    const answer = await escapement.enqueue(task, payload, enqueueOptions(options))
    output.answer(answer, () => words[answer.outcome](answer.id))
    return 0
  } finally {
    await escapement.stop()
  }
}

function enqueueOptions({ delay, runAt, queue, priority, uniqueKey, id, ...rest }: Options): EnqueueOptions {
  const given = Object.entries({ delay, runAt, queue, priority, uniqueKey, id }).filter(
    ([, value]) => value !== undefined
  )
  return { ...Object.fromEntries(given), by: whoRuns(rest) }
}

const words = {
  enqueued: (id: string) => `Enqueued job ${id}.`,
  exists: (id: string) => `Job ${id} exists already; nothing was enqueued.`,
  duplicate: (id: string) => `Job ${id} has that unique key; nothing was enqueued.`,
  replaced: (id: string) => `Job ${id} has that unique key, and took over what was given.`
} as const
