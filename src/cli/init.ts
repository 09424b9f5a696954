import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { addCommand, choiceOption, type Invocation, type Ran } from './command.ts'
import { type ExitStatus, WrongUse } from './failures.ts'
import { initFiles } from './init-files.ts'
import { mergedManifest } from './init-manifest.ts'
import { packageRoot } from '../package-root.ts'
import { packageVersion } from '../version.ts'

const MANIFEST = 'package.json'
/** What npm and git write, and what people put next to it. Those that init would write too are left as they are. */
const mayBeThere: ReadonlySet<string> = new Set([
  MANIFEST,
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'yarn.lock',
  'bun.lock',
  'node_modules',
  '.git',
  '.gitignore',
  '.npmrc',
  '.nvmrc',
  'README.md',
  'LICENSE'
])

const databases = ['sqlite', 'postgres'] as const

export function addInit(program: Command, ran: Ran): void {
  addCommand<object>(program, ran, {
    usage: 'init [folder]',
    description: 'write a small working app into an empty folder, or one where npm has installed (default: this one)',
    examples: ['escapement init my-app', 'escapement init my-app --database postgres'],
    options: [choiceOption('--database <kind>', 'what keeps the books: sqlite (default) or postgres', databases)],
    needsBooks: false,
    run: init
  })
}

async function init({ args, options, output }: Invocation<object>): Promise<ExitStatus> {
  const folder = resolve((args[0] as string | undefined) ?? '.')
  const there = existsSync(folder) ? readdirSync(folder) : []
  const foreign = there.filter(name => !mayBeThere.has(name))
  if (foreign.length > 0)
    throw new WrongUse(
      `${folder} has files of its own (${foreign.slice(0, 3).join(', ')}${foreign.length > 3 ? ', …' : ''}); init takes an empty folder, or one in which only npm has written.`
    )
  const isPostgres = options.database === 'postgres'
  const { manifest, files } = initFiles({ name: packageName(folder), escapement: dependencySpec(), isPostgres })
  const written = Object.entries(files).filter(([path]) => !there.includes(path))
  const merged = there.includes(MANIFEST) ? mergedManifest(readManifest(join(folder, MANIFEST)), manifest) : manifest
  mkdirSync(folder, { recursive: true })
  for (const [path, text] of written) writeFileSync(join(folder, path), text, { flag: 'wx' })
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(merged, undefined, 2)}\n`)
  const paths = [MANIFEST, ...written.map(([path]) => path)]
  const steps = [
    ...(folder === process.cwd() ? [] : [`cd ${relative(process.cwd(), folder)}`]),
    ...(there.includes('node_modules') && !isPostgres ? [] : ['npm install']),
    ...(isPostgres ? ['edit .env: the address of the database'] : []),
    'npm start'
  ]
  output.answer({ folder, files: paths, next: steps }, () =>
    [`Wrote ${paths.join(', ')}.`, 'Next:', ...steps.map(step => `  ${step}`)].join('\n')
  )
  return 0
}

function readManifest(file: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return { ...read }
  } catch (error) {
    throw new WrongUse(`${file} can't be read: ${(error as Error).message}`)
  }
  throw new WrongUse(`${file} is not an object, as npm takes it.`)
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
