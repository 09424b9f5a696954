import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyFolder, runCli, runJson } from './run-cli.ts'

const src = join(import.meta.dirname, '../../src')
const goodConfig = `
import { schedule } from '${src}/core/schedule/declare.ts'
import { task } from '${src}/core/job/task.ts'
import { cron } from '${src}/core/trigger/cron/cron.ts'
import type { EscapementConfig } from '${src}/settings/settings.ts'

const mail = task('mail', { handler: () => undefined })
const trigger = cron('0 9 * * *', { timezone: 'Europe/Paris' })
const config: EscapementConfig = { schedules: [schedule('each-morning', { task: mail, trigger })] }
export default config
`

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

describe('the config is found', () => {
  const args = ['preview', 'each-morning', '--from', '2026-01-01T00:00:00Z', '--count', '1']
  const fires = [{ at: '2026-01-01T08:00:00.000Z', local: '2026-01-01T09:00:00', offset: '+01:00', transition: null }]

  test.each(['escapement.config.ts', 'escapement.config.mjs', 'escapement.config.js'])('%s', async name => {
    const text = name.endsWith('ts')
      ? goodConfig
      : goodConfig.replace(/^import type .*$/m, '').replace(': EscapementConfig', '')
    const cwd = folderWith({ [name]: text, 'package.json': '{"type":"module"}' })
    expect(await runJson(args, { cwd })).toEqual({ status: 0, stderr: '', answer: { fires } })
  })

  test('where --config says', async () => {
    const cwd = folderWith({ 'other.ts': goodConfig, 'package.json': '{"type":"module"}' })
    expect((await runJson([...args, '--config', 'other.ts'], { cwd })).answer).toEqual({ fires })
    const missing = await runCli([...args, '--config', 'none.ts'], { cwd })
    expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('There is no config') })
  })

  test('a schedule that is neither in the books nor in the config', async () => {
    const cwd = folderWith({ 'escapement.config.ts': goodConfig, 'package.json': '{"type":"module"}' })
    const { status, stderr } = await runCli(['preview', 'each-evening'], { cwd })
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('"each-evening" in the books or in the config')
    })
  })

  test('none where one is needed', async () => {
    const { status, stderr } = await runCli(['start'], { cwd: emptyFolder() })
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('There is no escapement.config.ts')
    })
  })
})

describe('a config that Node cannot load names what needs a compiler', () => {
  test.each<[string, string, string]>([
    ['an enum', 'enum Size { small }\nexport default {}', 'escapement.config.ts:1 has an enum'],
    ['a namespace', 'namespace N { export const a = 1 }\nexport default {}', 'has a namespace declaration'],
    [
      'a parameter property',
      'class A { constructor(private b: number) {} }\nexport default {}',
      'has a parameter property'
    ],
    [
      'a decorator',
      'const d = (t: unknown, c: unknown) => {}\n@d\nclass A {}\nexport default {}',
      'escapement.config.ts:2 has a decorator'
    ],
    ['a path alias', "import a from '@/tasks'\nexport default { a }", '"@/tasks" is a path alias'],
    ['another path alias', "import a from '~/tasks.ts'\nexport default { a }", '"~" is a path alias'],
    ['a package import', "import a from '#tasks'\nexport default { a }", '"#tasks" is a path alias'],
    [
      'an import without extension',
      "import a from './tasks'\nexport default { a }",
      'Node takes imports with their extension'
    ],
    [
      'a type imported as a value',
      "import { T } from './types.ts'\nexport default {} satisfies T",
      'import type { T }'
    ],
    ['a slip', 'export default {', 'is not well formed'],
    ['a throw', "throw new RangeError('no such tide')\nexport default {}", 'RangeError: no such tide'],
    ['no default export', 'export const config = {}', 'has no default export'],
    ['an unknown setting', 'export default { databse: "memory:" }', 'did you mean "database"?']
  ])('%s', async (_what, text, message) => {
    const files = {
      'escapement.config.ts': text,
      'types.ts': 'export type T = object',
      'package.json': '{"type":"module"}'
    }
    const { status, answer } = await runJson<{ error: { code: string; message: string } }>(['status'], {
      cwd: folderWith(files)
    })
    expect(answer.error.message).toContain(message)
    expect({ status, code: answer.error.code }).toEqual({ status: 2, code: 'config-invalid' })
  })
})

describe('the command line itself', () => {
  test.each([
    ['init'],
    ['start'],
    ['migrate'],
    ['status'],
    ['preview'],
    ['explain'],
    ['verify'],
    ['enqueue'],
    ['schedules'],
    ['jobs']
  ])('%s has help with an example', async command => {
    const { status, stdout, stderr } = await runCli([command, '--help'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^Examples?:\n {2}\$ /m)
  })

  test.each(
    ['list', 'show', 'put', 'update', 'pause', 'resume', 'run', 'remove']
      .map(verb => ['schedules', verb])
      .concat(['list', 'show', 'retry', 'cancel'].map(verb => ['jobs', verb]))
  )('%s %s has help with an example', async (...command) => {
    const { status, stdout } = await runCli([...command, '--help'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^Examples?:\n {2}\$ escapement /m)
    expect(stdout).toContain('--json')
  })

  test.each<[string[], string]>([
    [[], 'Usage: escapement'],
    [['prevew'], 'Did you mean preview?'],
    [['schedules', 'pausse', 'x'], "unknown command 'pausse'"],
    [['explain'], "missing required argument 'schedule'"],
    [['verify', 'everything'], 'too many arguments'],
    [['jobs', 'cancel'], "missing required argument 'ids'"]
  ])('wrong use of %j is exit status 2', async (args, message) => {
    const { status, stdout, stderr } = await runCli(args)
    expect(stderr).toContain(message)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })

  test('--version', async () => {
    const { stdout, status } = await runCli(['--version'])
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(status).toBe(0)
  })
})
