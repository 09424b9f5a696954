import { expect, test } from 'vitest'
import { freshDatabase } from '../stores/postgres/server.ts'
import { askOften } from './asking.ts'

test('PostgreSQL: of many odd requests none fails inside, and each answer fits its schema', async () => {
  const right = await askOften(await freshDatabase(), 2_000)
  expect(right.size).toBeGreaterThan(8)
})
