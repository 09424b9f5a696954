import { type Command, Option } from 'commander'
import type { ExitStatus } from './failures.ts'
import { Output } from './output.ts'

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean
  readonly config?: string
  readonly database?: string
}

export interface Invocation<Options> {
  /** In the order of the command's arguments; a variadic one is a list. */
  readonly args: readonly unknown[]
  readonly options: Options & CommonOptions
  readonly output: Output
}

export interface CommandSpec<Options> {
  /** Name and arguments, such as `show <id>`. */
  readonly usage: string
  readonly description: string
  /** Whole command lines, shown below the help. */
  readonly examples: readonly string[]
  readonly options?: readonly Option[]
  /** Whether it takes `--config` and `--database`. Default: true. */
  readonly needsBooks?: boolean
  readonly run: (invocation: Invocation<Options>) => Promise<ExitStatus>
}

/** Holds the exit status of the command that ran. */
export interface Ran {
  status: ExitStatus
}

/** Adds a command with its own options, the common ones, and its examples. */
export function addCommand<Options>(parent: Command, ran: Ran, spec: CommandSpec<Options>): void {
  const command = parent.command(spec.usage).description(spec.description)
  for (const each of spec.options ?? []) command.addOption(each)
  command.option('--json', 'print JSON, and nothing else on standard output')
  if (spec.needsBooks !== false) {
    command.option('--config <path>', 'the config (default: escapement.config.ts, .mjs or .js here)')
    command.option('--database <url>', 'the books, such as sqlite:app.db; overrides the config and the environment')
  }
  command.addHelpText(
    'after',
    `\n${spec.examples.length === 1 ? 'Example' : 'Examples'}:\n${spec.examples.map(line => `  $ ${line}`).join('\n')}`
  )
  command.action(async (...received: unknown[]) => {
    const options = command.opts<Options & CommonOptions>()
    const args = received.slice(0, command.registeredArguments.length)
    ran.status = await spec.run({ args, options, output: new Output(options.json === true) })
  })
}

/** An option; `parse` turns its text into a value, or throws commander's `InvalidArgumentError`. */
export function option(flags: string, description: string, parse?: (text: string) => unknown): Option {
  const made = new Option(flags, description)
  return parse === undefined ? made : made.argParser(parse)
}

/** An option that takes one of a few words. */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices)
}
