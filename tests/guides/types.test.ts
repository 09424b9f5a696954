import { spawnSync } from 'node:child_process'
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

/** What a document may show in a fence. Only these are programs that somebody copies. */
const languages = ['ts', 'sql']
/** Each of its programs is started by `tests/packages`, in a project that has its framework. */
const ofPackages = join('docs/guides', 'frameworks.md')
const checked = documents.filter(document => document !== ofPackages)
/** Run by `tests/packages/jest.test.ts`. */
const isOfJest = ({ name }: Block): boolean => name === 'greet.test.js'

test('every program of the documents has a name, and is one that the tests read', () => {
  for (const document of checked) {
    const text = textOf(document)
    const blocks = blocksIn(text)
    const others = blocks.filter(block => !languages.includes(block.language) && !isOfJest(block))
    expect([document, fencesIn(text)]).toEqual([document, blocks.map(({ language }) => language)])
    expect([document, others]).toEqual([document, []])
    const names = blocks.filter(({ language }) => language === 'ts').map(({ name }) => name)
    expect([document, names.filter(name => !/^[\w./-]+\.ts$/.test(name))]).toEqual([document, []])
    expect([document, names]).toEqual([document, [...new Set(names)]])
  }
})

test('a fence that the tests would not read is found', () => {
  expect(fencesIn('```ts\na\n```\n\n- item\n\n  ```typescript title\n  b\n  ```\n~~~js\n~~~\n')).toEqual([
    'ts',
    'typescript title',
    'js'
  ])
})

test('the programs of the documents are well typed', () => {
  const programs = checked.flatMap(document =>
    blocksIn(textOf(document))
      .filter(({ language }) => language === 'ts')
      .map(({ name, text }) => ({ name: `${document}/${name}`, text }))
  )
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
