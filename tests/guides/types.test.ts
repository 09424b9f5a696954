import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Block, blocksIn, documents, fencesIn, textOf, writePrograms } from './blocks.ts'

const root = join(import.meta.dirname, '../..')

/** As an app has it that begins today. */
const tsconfig = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: 'nodenext',
    target: 'es2024',
    types: ['node'],
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    paths: { escapement: [join(root, 'src/index.ts')], 'escapement/*': [join(root, 'src/*.ts')] }
  }
}

/** The part that the guide uses of what `prisma generate` writes. */
const prisma = `
interface Tx {
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): Promise<number>
  $queryRawUnsafe<T = unknown>(query: string, ...values: any[]): Promise<T>
}
export declare const PrismaClient: new (options: object) => {
  $transaction<T>(body: (tx: Tx) => Promise<T>): Promise<T>
}
`

interface Program extends Block {
  readonly document: string
}

const blocks = documents.flatMap(document => blocksIn(textOf(document)).map(block => ({ ...block, document })))
const fromHere = createRequire(import.meta.url)

/** Whether all packages that it imports are installed here. */
const isWithinReach = ({ text }: Program): boolean =>
  [...text.matchAll(/(?:from|import) '([^.'][^']*)'/g)].every(([, specifier = '']) => {
    if (specifier === 'escapement' || specifier.startsWith('escapement/')) return true
    return isBuiltin(specifier) || fromHere.resolve.paths(specifier)!.some(path => existsSync(join(path, specifier)))
  })

/** TypeScript is checked here. What else is shown must be named by a test that runs it. */
const typed = blocks.filter(block => block.language === 'ts' && isWithinReach(block))
const others = blocks.filter(block => block.language !== 'ts' || !isWithinReach(block))

/** All texts in quotes that the tests have. */
const quoted = new Set(
  readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .flatMap(path => readFileSync(join(root, 'tests', path), 'utf8').match(/(?<=')[^'\n]+(?=')/g) ?? [])
)

/** Whether a test asks for the block by its name, or by the words that it begins with. */
const isRead = ({ name, text }: Program): boolean =>
  quoted.has(name) || [...quoted].some(words => words.length > 8 && text.startsWith(words))

test('each program of the documents is type-checked here, or read by a test of its own', () => {
  for (const document of documents) {
    const text = textOf(document)
    const own = blocks.filter(block => block.document === document)
    expect([document, fencesIn(text)]).toEqual([document, own.map(({ language }) => language)])
    const names = own.filter(({ language }) => !['sql', 'sh'].includes(language)).map(({ name }) => name)
    expect([document, names.filter(name => !/^[^ ]+\.[cm]?[jt]sx?$/.test(name))]).toEqual([document, []])
    expect([document, names]).toEqual([document, [...new Set(names)]])
  }
  const unread = others.filter(block => !isRead(block)).map(({ document, name, text }) => [document, name, text])
  expect(unread).toEqual([])
})

test('a fence that the tests would not read is found', () => {
  expect(fencesIn('```ts\na\n```\n\n- item\n\n  ```typescript title\n  b\n  ```\n~~~js\n~~~\n')).toEqual([
    'ts',
    'typescript title',
    'js'
  ])
})

test('the programs of the documents are well typed', () => {
  const programs = typed.map(({ document, name, text }) => ({ name: `${document}/${name}`, text }))
  const folder = writePrograms([
    ...programs,
    { name: 'docs/guides/postgres.md/generated/prisma/client.ts', text: prisma },
    { name: 'tsconfig.json', text: JSON.stringify(tsconfig) }
  ])
  const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
    cwd: root,
    encoding: 'utf8'
  })
  // What is said of the library itself is said by the checks of the library.
  expect(stdout.split('\n').filter(line => line.includes('.md/'))).toEqual([])
  expect(programs.length).toBeGreaterThan(20)
})
