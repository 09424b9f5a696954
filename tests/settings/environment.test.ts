import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settingsReference } from '../../scripts/settings-reference.ts'
import { applyDotEnv } from '../../src/settings/dot-env.ts'
import { readEnvironment } from '../../src/settings/environment.ts'
import { environmentExample } from '../../src/settings/printed/env-example.ts'
import { codeGroups, table } from '../../src/settings/table.ts'

const variables = table.flatMap(({ row }) => Object.keys(row.variables ?? {}))
const src = join(import.meta.dirname, '../../src')

test('every variable of the table is read, and no other', () => {
  const read = new Set<string>()
  readEnvironment(
    new Proxy(
      {},
      {
        get: (_, name) => {
          read.add(String(name))
          return undefined
        }
      }
    )
  )
  const earlier = table.flatMap(({ row }) => Object.values(row.variables ?? {}).flatMap(each => each.earlier ?? []))
  expect([...read].sort()).toEqual([...variables, ...earlier].toSorted())
})

test('nothing of src reads a variable by itself, beside the table', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
  // What a new app's files say is the app's; the process of a web app is told its port as any process manager tells it;
  // Next says by a variable what it is doing; the system says who the user is.
  const allowed = ['cli/init-files.ts', 'cli/process/run-process.ts', 'cli/who.ts', 'mount/next.ts']
  const others = files.filter(name => !allowed.includes(name))
  const reading = others.filter(name => /\benv(\.|\[['"`])[A-Z]/.test(readFileSync(join(src, name), 'utf8')))
  expect(reading).toEqual([])
  expect(others.length).toBeGreaterThan(100)
})

test('.env.example is what the table says', async () => {
  await expect(environmentExample()).toMatchFileSnapshot(join(src, '../.env.example'))
})

test('docs/settings.md is what the table says', async () => {
  await expect(settingsReference()).toMatchFileSnapshot(join(src, '../docs/settings.md'))
})

test('an editor shows of each setting in code what it decides, and its default', () => {
  const files = readdirSync(join(src, 'settings/rows')).map(name =>
    readFileSync(join(src, 'settings/rows', name), 'utf8')
  )
  const inCode = table.filter(({ group }) => group === 'app' || group in codeGroups)
  const unexplained = inCode.filter(
    ({ key }) => !files.some(text => new RegExp(`@default [^@]*\\*/\\s+${key}: (row|asked)\\(`).test(text))
  )
  expect(unexplained.map(({ name }) => name)).toEqual([])
})

test('the example sets nothing, and with every line in force it is understood', () => {
  expect(applyDotEnv(environmentExample(), {})).toEqual([])
  const env: NodeJS.ProcessEnv = {}
  const names = applyDotEnv(environmentExample().replaceAll(/^#(?=[A-Z_]+=)/gm, ''), env)
  expect([...names].sort()).toEqual(variables.toSorted())
  expect(() => readEnvironment(env)).not.toThrow()
})

test('the real environment goes before .env', () => {
  const env = { PORT: '1', HOST: '' }
  expect(applyDotEnv('PORT=2\nHOST=h\nexport NODE_ENV="production" # here\nPORT=3', env)).toEqual(['NODE_ENV'])
  expect(env).toEqual({ PORT: '1', HOST: '', NODE_ENV: 'production' })
})
