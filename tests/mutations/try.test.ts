import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { chosen, shuffled } from '../../mutations/choose.ts'
import type { Guard } from '../../mutations/guard.ts'
import { guards } from '../../mutations/guards.ts'
import { summaryOf, tableOf } from '../../mutations/report.ts'
import type { Finding } from '../../mutations/session.ts'
import { Trial, type Tried } from '../../mutations/try.ts'
import { removeFolder } from '../remove-folder.ts'

const guard: Guard = {
  name: 'the-fence',
  promise: 'Only the latest reports.',
  file: 'fence.ts',
  text: 'a === b',
  put: 'true',
  tests: [['fence.test.ts']]
}
const green: Finding = { passed: 3, failure: undefined }
const red: Finding = { passed: 1, failure: 'it is stale: expected true to be false' }

/** Tries the guard, with tests that go so while it is in, and so while it is out. */
async function tried(within: Finding, without: Finding): Promise<{ readonly tried: Tried; readonly seen: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-try-'))
  onTestFinished(() => removeFolder(folder))
  const file = join(folder, guard.file)
  writeFileSync(file, 'return a === b')
  const seen: string[] = []
  const run = async (): Promise<Finding> => {
    seen.push(readFileSync(file, 'utf8'))
    return seen.length === 1 ? within : without
  }
  const trial = new Trial(folder, { run, changed: async () => undefined })
  const result = await trial.try(guard)
  expect(readFileSync(file, 'utf8')).toBe('return a === b')
  return { tried: result, seen }
}

test('a mutation that a test notices is killed, and the guard put back', async () => {
  const { tried: result, seen } = await tried(green, red)
  expect(result).toMatchObject({ verdict: 'killed', failure: red.failure })
  expect(seen).toEqual(['return a === b', 'return true'])
  expect(summaryOf([result])).toBe('1 killed, 0 survived')
})

test('one that none notices survives, and is shown', async () => {
  const { tried: result } = await tried(green, green)
  expect(result).toMatchObject({ verdict: 'survived', failure: undefined })
  expect(tableOf([result])).toContain('SURVIVED')
  expect(summaryOf([result])).toBe('0 killed, 1 survived')
})

test.each([
  ['are red anyway', red],
  ['are none', { passed: 0, failure: undefined }]
])('with tests that %s nothing is tried, and nothing proved', async (_, within) => {
  const { tried: result, seen } = await tried(within, red)
  expect(result.verdict).toBe('untried')
  expect(seen).toHaveLength(1)
  expect(summaryOf([result])).toMatch(/^0 killed, 0 survived, 1 not tried/)
})

test('guards are chosen by name, room and what their tests need, and drawn by a seed', () => {
  expect(chosen(guards, { only: 'memory-term', room: 'stores/memory' }).length).toBeGreaterThan(0)
  expect(chosen(guards, { room: 'stores/postgres', withoutServers: true })).toEqual([])
  expect(shuffled(guards, 7)).toEqual(shuffled(guards, 7))
  expect(shuffled(guards, 7)).not.toEqual(shuffled(guards, 8))
  expect(new Set(shuffled(guards, 7))).toEqual(new Set(guards))
})
