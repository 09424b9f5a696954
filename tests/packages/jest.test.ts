import { afterAll, beforeAll, expect, test } from 'vitest'
import { blocksOf } from '../guides/blocks.ts'
import { Project } from './project.ts'

let project: Project

beforeAll(async () => {
  project = await Project.install('jest')
  const block = blocksOf('testing.md').find(({ name }) => name === 'greet.test.js')
  project.write('greet.test.js', block!.text)
}, 600_000)

afterAll(() => project.remove())

const jest = (env: NodeJS.ProcessEnv) => project.attempt(process.execPath, [project.script('jest/bin/jest.js')], env)

test('Jest with its default config, as the guide says', () => {
  const { status, stderr } = jest({ NODE_OPTIONS: '--experimental-vm-modules' })
  expect(status, stderr).toBe(0)
  expect(stderr).toContain('Tests:       1 passed, 1 total')
})

test('Jest without it says what is missing', () => {
  const { status, stderr } = jest({})
  expect([status, stderr]).toEqual([1, expect.stringContaining('Must use import to load ES Module')])
})
