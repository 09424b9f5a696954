import { resolve } from 'node:path'
import type { Option } from 'commander'
import type { AppOptions } from '../../launcher/protocol.ts'
import { optionName } from '../../settings/row.ts'
import { defaultInWords } from '../../settings/printed/row-words.ts'
import { type NamedRow, table } from '../../settings/table.ts'
import { parseDuration, wholeNumberArgument } from '../arguments.ts'
import { choiceOption, option } from '../command.ts'

const MAX_REQUESTS = 1_000_000_000

/** What both `start` and `dev` take, in addition to the settings that are options. */
export interface StartFlags {
  readonly app?: string
  readonly config?: string
  readonly readyTimeout?: number
  readonly prefix: boolean
}

export const DEFAULT_READY_MS = 30_000

/** Every command that reads books takes it. */
const COMMON = 'database'
const OF_RESTARTS = 'launch.maxRestarts'

const settings: readonly NamedRow[] = table.filter(({ row, name }) => row.option !== undefined && name !== COMMON)

export const startOptions = (): Option[] => [
  ...settings.filter(({ name }) => name !== OF_RESTARTS).map(settingOption),
  option('--app <module>', 'what the web processes serve, instead of "web" of the config'),
  option('--ready-timeout <duration>', 'how long a process may take until it is ready (default: 30s)', parseDuration),
  option('--no-prefix', "don't prefix each line that a process writes with its name")
]

export const restartOptions = (): Option[] => [
  option(
    '--max-requests <count>',
    'replace a web process after this many requests, and up to a tenth more (default: never)',
    wholeNumberArgument(0, MAX_REQUESTS)
  ),
  ...settings.filter(({ name }) => name === OF_RESTARTS).map(settingOption)
]

function settingOption({ row, group, name }: NamedRow): Option {
  const { kind, meaning, variables = {} } = row
  const otherwise = [...(group === 'app' ? [`${name} of the config`] : []), ...Object.keys(variables)]
  const fallback = [...otherwise, defaultInWords(row)].join(', else ')
  const help = `${meaning[0]!.toLowerCase()}${meaning.slice(1)} (default: ${fallback})`
  const flags = row.option!
  if (kind.choices !== undefined) return choiceOption(flags, help, kind.choices)
  if (kind.unit === 'Ms') return option(flags, help, parseDuration)
  if (kind.range !== undefined) return option(flags, help, wholeNumberArgument(...kind.range))
  return option(flags, help, text => kind.fromText(text, optionName(row)))
}

/** What the processes need of the command line to load the app as asked. `otherwise` has the defaults. */
export function appOptions(given: StartFlags, otherwise: AppOptions = {}): AppOptions {
  const { app, config } = given
  const texts = { app: app === undefined ? undefined : resolve(app), config }
  const said = [
    ...table.filter(({ row }) => row.option !== undefined).map(each => saidOf(each, given)),
    ...Object.entries(texts)
  ]
  return Object.fromEntries([...Object.entries(otherwise), ...said.filter(([, value]) => value !== undefined)])
}

/** Commander keeps a value by the option's name, and we by the setting's. */
function saidOf({ key, row }: NamedRow, given: object): [string, unknown] {
  const attribute = optionName(row)
    .slice('--'.length)
    .replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return [key, (given as Record<string, unknown>)[attribute]]
}
