import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { digest, renderedSchemas } from '../../scripts/rendered-schema.ts'
import { editions } from '../../src/stores/postgres/routines/editions.ts'

const root = join(import.meta.dirname, '..', '..')

test('the SQL that people read is the SQL that is run (npm run schema)', async () => {
  for (const [path, sql] of Object.entries(await renderedSchemas()))
    expect(readFileSync(join(root, path), 'utf8'), path).toBe(sql)
})

test('the routines are the last of the editions, and no text came twice (npm run schema)', () => {
  expect(editions.at(-1)).toBe(digest)
  expect(new Set(editions).size).toBe(editions.length)
})
