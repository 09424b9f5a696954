import { describe, expect, test } from 'vitest'
import type { Guard } from '../../mutations/guard.ts'
import { guards } from '../../mutations/guards.ts'
import { staleEntries } from '../../mutations/stale.ts'

test('every guard fits the code, and names tests that are there: "npm run mutate -- --check" lists those that do not', () => {
  expect(staleEntries(guards)).toEqual([])
})

test('the guards are many, and in every room that keeps a promise', () => {
  expect(guards.length).toBeGreaterThanOrEqual(200)
  const files = guards.map(({ file }) => file)
  for (const room of ['core', 'stores/memory', 'stores/sqlite', 'stores/postgres', 'coordination', 'runtime'])
    expect(files.filter(file => file.startsWith(`src/${room}/`)).length, room).toBeGreaterThan(5)
})

test('each is named, promises something in a sentence, and names a test', () => {
  const unclear = guards.filter(
    ({ name, promise, tests }) =>
      !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(name) || !/^[A-Z`].*\.$/.test(promise) || tests.length === 0
  )
  expect(unclear.map(({ name }) => name)).toEqual([])
})

describe('an entry that no longer fits is named, when', () => {
  const sound: Guard = {
    name: 'the-id',
    promise: 'It holds.',
    file: 'src/core/schedule/fire-id.ts',
    text: 'export function fireJobId(',
    put: 'export function otherJobId(',
    tests: [['tests/core/schedule/decide.test.ts', 'one fire time']]
  }
  test('none of this is so: it fits', () => expect(staleEntries([sound])).toEqual([]))

  test.each<[string, Partial<Guard>, string]>([
    ['its file is gone', { file: 'src/core/gone.ts' }, 'src/core/gone.ts is not there'],
    ['its file has moved', { file: 'src/moved/fire-id.ts' }, 'src/core/schedule/fire-id.ts has its text'],
    ['its text is gone', { text: 'function fireJobIds(' }, '0 times'],
    ['its text is not unique', { text: 'scheduleId' }, 'not once'],
    ['it changes nothing', { put: sound.text }, 'changes nothing'],
    ['what it makes is no code', { put: 'export function (' }, 'src/core/schedule/fire-id.ts'],
    ['its test file is gone', { tests: [['tests/core/gone.test.ts']] }, 'tests/core/gone.test.ts is not there'],
    [
      'its test is gone',
      { tests: [['tests/core/schedule/decide.test.ts', 'no such test']] },
      'is called "no such test"'
    ]
  ])('%s', (_, fault, words) => {
    expect(staleEntries([{ ...sound, ...fault }])).toEqual([expect.stringMatching(/^the-id: /)])
    expect(staleEntries([{ ...sound, ...fault }])[0]).toContain(words)
  })

  test('another has its name', () => {
    expect(staleEntries([sound, sound])).toEqual(['the-id: another guard has this name'])
  })
})
