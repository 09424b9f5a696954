import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { removeFolder } from '../remove-folder.ts'
import { kindOf, storeKinds } from '../../src/stores/store-kinds.ts'
import { parseDatabase } from '../../src/settings/database-address.ts'

const folder = mkdtempSync(join(tmpdir(), 'escapement-kinds-'))
afterAll(() => removeFolder(folder))

const index = new URL('../../src/index.ts', import.meta.url).href
const OPEN = `
import { registerHooks } from 'node:module'
const loaded = []
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
const { createEscapement } = await import(${JSON.stringify(index)})
const escapement = createEscapement({ database: process.argv[1], logger: false })
await escapement.store()
await escapement.stop()
console.log(JSON.stringify(loaded))`

/** What a process loads that opens these books. */
function loadedBy(database: string): string[] {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', OPEN, database], {
    cwd: folder,
    encoding: 'utf8'
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as string[]
}

test.each([
  ['sqlite:app.db', 'sqlite'],
  ['memory:', 'memory']
])('a process on %s loads the table of kinds, and of the stores that one', (database, own) => {
  const loaded = loadedBy(database)
  const stores = loaded.filter(url => /\/stores\/\w+\/(?!kind\.ts)/.test(url) && !url.includes('/stores/sql/'))
  expect(stores.filter(url => !url.includes(`/stores/${own}/`))).toEqual([])
  expect(stores.length).toBeGreaterThan(5)
  expect(loaded.filter(url => /node_modules\/(pg|@electric-sql)/.test(url))).toEqual([])
})

test('every kind reads its own examples, and shows what it can read again', () => {
  const context = { setting: '"database"', schema: 'escapement', poolSize: 5, listenUrl: undefined }
  for (const [name, kind] of Object.entries(storeKinds))
    for (const example of kind.examples) {
      const address = parseDatabase(example.slice(1, -1).replace('port', '5432'), context)
      expect(address.kind).toBe(name)
      const shown = kindOf(address).shown(address)
      expect(shown).not.toContain('password')
      expect(parseDatabase(shown, context).kind).toBe(name)
    }
})
