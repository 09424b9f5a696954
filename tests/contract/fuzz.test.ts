import { test } from 'vitest'
import { freshFile } from '../stores/sqlite/folder.ts'
import { askOften } from './asking.ts'

test.each([
  ['memory', 7_000],
  ['SQLite', 3_000]
])('%s: of many odd requests none fails inside, and each answer fits its schema', (store, times) =>
  askOften(store === 'memory' ? 'memory:' : `sqlite:${freshFile()}`, times)
)
