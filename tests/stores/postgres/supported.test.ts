import { expect, test } from 'vitest'
import { newestPostgres, oldestPostgres, postgresMajors } from '../../services/postgres-releases.ts'
import { execute } from './server.ts'

test('the server of these tests is of the version that was asked for, and else of one that is supported', async () => {
  const [row] = await execute('SHOW server_version')
  const major = String(row?.['server_version']).split('.', 1)[0]
  expect([process.env['ESCAPEMENT_POSTGRES'] ?? postgresMajors].flat()).toContain(major)
})

test('what is supported has no gap', () => {
  const [oldest, newest] = [Number(oldestPostgres), Number(newestPostgres)]
  const every = Array.from({ length: newest - oldest + 1 }, (_, index) => String(oldest + index))
  expect(postgresMajors).toEqual(every)
})
