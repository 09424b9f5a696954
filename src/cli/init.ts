import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { addCommand, choiceOption, type Invocation, type Ran } from './command.ts'
import { type ExitStatus, WrongUse } from './failures.ts'
import { initFiles } from './init-files.ts'
import { packageRoot } from '../package-root.ts'
import { packageVersion } from '../version.ts'

const databases = ['sqlite', 'postgres'] as const

export function addInit(program: Command, ran: Ran): void {
  addCommand<object>(program, ran, {
    usage: 'init [folder]',
    description: 'write a small working app into an empty folder (default: this one)',
    examples: ['escapement init my-app', 'escapement init my-app --database postgres'],
    options: [choiceOption('--database <kind>', 'what keeps the books: sqlite (default) or postgres', databases)],
    needsBooks: false,
    run: init
  })
}

async function init({ args, options, output }: Invocation<object>): Promise<ExitStatus> {
  const folder = resolve((args[0] as string | undefined) ?? '.')
  const there = existsSync(folder) ? readdirSync(folder).filter(name => name !== '.git') : []
  if (there.length > 0)
    throw new WrongUse(
      `${folder} is not empty (${there.slice(0, 3).join(', ')}${there.length > 3 ? ', …' : ''}); init takes an empty folder.`
    )
  const isPostgres = options.database === 'postgres'
  const files = initFiles({ name: packageName(folder), escapement: dependencySpec(), isPostgres })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text, { flag: 'wx' })
  }
  const paths = Object.keys(files)
  const steps = [
    ...(folder === process.cwd() ? [] : [`cd ${relative(process.cwd(), folder)}`]),
    'npm install',
    ...(isPostgres ? ['edit .env: the address of the database'] : []),
    'npm start'
  ]
  output.answer({ folder, files: paths, next: steps }, () =>
    [`Wrote ${paths.join(', ')}.`, 'Next:', ...steps.map(step => `  ${step}`)].join('\n')
  )
  return 0
}

/** A name that npm accepts. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z\d._-]+/g, '-')
    .replaceAll(/^[._-]+|[._-]+$/g, '')
  return name === '' ? 'my-app' : name
}

/**
 * How npm finds this Escapement: by its version, or by the file or folder that it was installed from if unpublished.
 */
function dependencySpec(): string {
  const root = fileURLToPath(packageRoot).replace(/[/\\]$/, '')
  const modules = dirname(root)
  if (basename(modules) !== 'node_modules') return `file:${root}`
  const lock = join(modules, '.package-lock.json')
  const packages = existsSync(lock)
    ? (JSON.parse(readFileSync(lock, 'utf8')) as { packages?: Record<string, { resolved?: string }> }).packages
    : undefined
  const resolved = packages?.[`node_modules/${basename(root)}`]?.resolved
  if (resolved?.startsWith('file:')) return `file:${resolve(dirname(modules), resolved.slice('file:'.length))}`
  return `^${packageVersion}`
}
