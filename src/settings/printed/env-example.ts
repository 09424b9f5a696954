import { settingInWords } from './row-words.ts'
import { table } from '../table.ts'

const WIDTH = 100

/** The text of `.env.example`: every variable, explained, none of them set. */
export function environmentExample(): string {
  const entries = table.flatMap(({ row }) =>
    Object.entries(row.variables ?? {}).map(
      ([name, { example, meaning }]) =>
        `${comment(meaning ? `${meaning}.` : settingInWords(row))}\n#${name}=${example}\n`
    )
  )
  const head = comment(
    'Copy this to .env and take the # away from what you set. The real environment takes precedence over .env.'
  )
  return `${head}\n\n${entries.join('\n')}`
}

function comment(text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`# ${word}`)
  }
  return lines.join('\n')
}
