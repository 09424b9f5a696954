import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { blocksOf, writePrograms } from './blocks.ts'

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

test('the programs of the guides are well typed', () => {
  const programs = ['enqueue.md', 'personal-data.md', 'postgres.md', 'queues.md'].flatMap(guide =>
    blocksOf(guide)
      .filter(({ language }) => language === 'ts')
      .map(({ name, text }) => ({ name: `${guide}/${name}`, text }))
  )
  const folder = writePrograms([
    ...programs,
    { name: 'postgres.md/generated/prisma/client.ts', text: prisma },
    { name: 'tsconfig.json', text: JSON.stringify(tsconfig) }
  ])
  const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
    cwd: root,
    encoding: 'utf8'
  })
  // What is said of the library itself is said by the checks of the library.
  expect(stdout.split('\n').filter(line => line.includes('.md/'))).toEqual([])
  expect(programs.length).toBeGreaterThan(5)
})
