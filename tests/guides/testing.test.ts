import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { blocksOf, writePrograms } from './blocks.ts'

const root = join(import.meta.dirname, '../..')

/** As an app has it, which finds the package where npm has put it. */
const config = `export default { resolve: { alias: [
  { find: /^escapement$/, replacement: '${root}/src/index.ts' },
  { find: 'escapement/testing', replacement: '${root}/src/testing.ts' }
] } }
`

test('the tests of the guide pass', () => {
  const programs = blocksOf('testing.md').filter(({ language }) => language === 'ts')
  const folder = writePrograms([...programs, { name: 'vitest.config.mjs', text: config }])
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder],
    { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' } }
  )
  expect(status, stdout + stderr).toBe(0)
  const tests = programs.map(({ text }) => text.match(/^test\(/gm)?.length ?? 0).reduce((sum, each) => sum + each)
  expect(tests).toBe(4)
  expect(stdout).toMatch(/Tests +4 passed/)
})
