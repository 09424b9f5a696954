import { Validator } from '@seriousme/openapi-schema-validator'
import { validate } from '@readme/openapi-parser'
import { expect, test } from 'vitest'
import { endpoints } from '../../src/contract/endpoints.ts'
import { openApiDocument } from '../../src/contract/openapi.ts'

interface Operation {
  readonly operationId: string
  readonly security?: object
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: object }[]
}

/** A copy as callers get it: the validators write into what they are given. */
const read = () =>
  JSON.parse(JSON.stringify(openApiDocument('1.2.3'))) as {
    paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  }

test('it is a valid document of OpenAPI 3.1, for two validators', async () => {
  expect(await new Validator().validate(read())).toEqual({ valid: true })
  expect(await validate(read() as never)).toMatchObject({ valid: true })
})

test('it has every endpoint of the table, by its method and path', () => {
  const found = Object.entries(read().paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => [operationId, `${method.toUpperCase()} ${path}`])
  )
  const table = Object.entries(endpoints).map(([id, { method, path }]) => [id, `${method} ${path}`])
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(table))
})

test('it names parameters with what they take, and which paths are open to all', () => {
  const { paths } = read()
  const ledger = paths['/scheduler/schedules/{id}/ledger']!['get']!
  expect(ledger.parameters.map(({ name, in: place }) => `${place} ${name}`)).toEqual([
    'path id',
    'query limit',
    'query cursor',
    'query from',
    'query until'
  ])
  const jobs = paths['/scheduler/jobs']!['get']!
  expect(jobs.parameters.find(({ name }) => name === 'state')?.schema).toMatchObject({
    enum: expect.arrayContaining(['available', 'discarded'])
  })
  const open = Object.values(paths).flatMap(operations => Object.values(operations).filter(({ security }) => security))
  expect(open.map(({ operationId }) => operationId)).toEqual(['summary', 'live', 'ready', 'health'])
})
