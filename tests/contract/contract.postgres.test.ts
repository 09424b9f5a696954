import { test } from 'vitest'
import { freshDatabase } from '../stores/postgres/server.ts'
import { askEach } from './asking-each.ts'
import { askOften } from './asking.ts'

test('PostgreSQL: each endpoint returns what the document says', async () => askEach(await freshDatabase()))

test('PostgreSQL: of many odd requests none fails inside, and each answer fits its schema', async () =>
  askOften(await freshDatabase(), 2_000))
