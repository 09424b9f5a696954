import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const main = join(import.meta.dirname, '../../mutations/main.ts')
const SAMPLE = 6
/** No further one is begun after so long: all of them are for `npm run mutate`. */
const SECONDS = 25

const mutate = (...args: string[]) =>
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { encoding: 'utf8' })

test('of some guards, drawn anew each time, none can be taken out unnoticed', { timeout: 900_000 }, () => {
  const seed = Date.now() % 1_000_000
  const limits = ['--sample', String(SAMPLE), '--seconds', String(SECONDS), '--seed', String(seed)]
  const { status, stdout, stderr } = mutate(...limits, '--without-servers')
  expect(status, `npm run mutate -- ${limits.join(' ')}\n${stderr}${stdout}`).toBe(0)
  expect(stdout).toMatch(/\n[1-6] killed, 0 survived\n$/)
})

test('a name that no guard has is wrong use', () => {
  expect(mutate('--only', 'no-such-guard')).toMatchObject({ status: 2, stdout: '' })
})
