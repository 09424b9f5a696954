import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clientFiles } from '../../scripts/client-files.ts'
import { routes } from '../../src/client/calls.ts'
import type { ApiCalls } from '../../src/client/calls.ts'
import { type EndpointId, endpoints } from '../../src/contract/endpoints.ts'
import type { EndpointResponse } from '../../src/http/handler.ts'

const client = join(import.meta.dirname, '../../src/client')

test('what the client knows of the endpoints is what the table says: `npm run reference` writes it', async () => {
  const files = await clientFiles()
  for (const [path, code] of Object.entries(files)) expect(readFileSync(join(client, path), 'utf8'), path).toBe(code)
  const written = ['calls', 'shapes'].flatMap(folder =>
    readdirSync(join(client, folder)).map(file => `${folder}/${file}`)
  )
  expect([...written, 'calls.ts'].sort()).toEqual(Object.keys(files).sort())
})

test('each endpoint has a method, and no other', () => {
  expect(Object.keys(routes).sort()).toEqual(Object.keys(endpoints).sort())
})

/** What the server returns is what the client says that it gets: the compiler checks it. */
type Returned = { readonly [Id in EndpointId]: EndpointResponse<Id> extends ApiCalls[Id]['response'] ? true : Id }

test('the types of responses are those of the schemas', () => {
  const agrees: Returned[EndpointId] = true
  expect(agrees).toBe(true)
})
