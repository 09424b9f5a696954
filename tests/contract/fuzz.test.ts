import { expect, test } from 'vitest'
import { endpoints } from '../../src/contract/endpoints.ts'
import { freshFile } from '../stores/sqlite/folder.ts'
import { askOften } from './asking.ts'

test.each([
  ['memory', 7_000],
  ['SQLite', 3_000]
])('%s: of many odd requests none fails inside, and each answer fits its schema', async (store, times) => {
  const right = await askOften(store === 'memory' ? 'memory:' : `sqlite:${freshFile()}`, times)
  expect([...right.keys()].sort()).toEqual(Object.keys(endpoints).sort())
})
