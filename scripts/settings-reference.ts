import { optionName } from '../src/settings/row.ts'
import { defaultInWords } from '../src/settings/printed/row-words.ts'
import { groups, type NamedRow, table } from '../src/settings/table.ts'

const titles: Record<keyof typeof groups, string> = {
  app: 'The app',
  defaults: 'Defaults of schedules',
  worker: 'Workers',
  lease: 'The lease of a node',
  coordination: 'Seats',
  retention: 'Retention',
  sqlite: 'Books in SQLite',
  postgres: 'Books in PostgreSQL',
  alerts: 'Alerts',
  api: 'The management API (environment only)',
  log: 'Log lines (environment only)',
  launch: 'Processes of `escapement start` (environment and command line only)'
}

const HEAD = `# Settings

This page is written from \`src/settings/rows\` by \`npm run reference\`; a test compares the two.

The command line takes precedence over code, code over the environment, the real environment over \`.env\`, and \`.env\`
over the defaults. An empty variable counts as not set. A duration is a text such as \`"5m"\` or
whole milliseconds, in code and in a variable alike; a variable takes no bare number from 1 to 999, which is probably
meant as seconds. \`escapement start --print-config\` prints the effective settings, and where each of them comes from.`

/** The text of `docs/settings.md`. */
export function settingsReference(): string {
  const sections = Object.entries(titles).map(([group, title]) => {
    const rows = table.filter(each => each.group === group)
    return `## ${title}\n\n| setting | variable, option | takes | default | what it decides |\n|---|---|---|---|---|\n${rows.map(rowOf).join('\n')}`
  })
  return `${[HEAD, ...sections].join('\n\n')}\n`
}

function rowOf({ name, row }: NamedRow): string {
  const { kind, variables = {}, concerns, meaning, isSecret } = row
  const option = row.option === undefined ? [] : [optionName(row)]
  const outside = [...Object.keys(variables), ...option].map(each => `\`${each}\``).join(', ')
  const notes = [
    ...(concerns === undefined ? [] : [`role ${concerns.join(', ')}`]),
    ...(isSecret ? ['never shown'] : [])
  ]
  const note = notes.length === 0 ? '' : ` (${notes.join('; ')})`
  const cells = [`\`${name}\``, outside, kind.takes, defaultInWords(row), `${meaning}${note}`]
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
