import { expect, test } from 'vitest'
import { movedFiles } from '../../mutations/follow.ts'
import type { Guard } from '../../mutations/guard.ts'
import { guards } from '../../mutations/guards.ts'

const guard: Guard = {
  name: 'the-fence',
  promise: 'Only the latest reports.',
  file: 'src/old/fence.ts',
  text: 'a === b',
  put: 'true',
  tests: [['tests/old/fence.test.ts', 'stale']]
}
const files = [
  { path: 'src/new/fence.ts', text: 'return a === b' },
  { path: 'tests/new/fence.test.ts', text: "test('another')" }
]

test('a file that has moved is found by the text of its guard, and a test by its name', () => {
  expect([...movedFiles([guard], files)]).toEqual([
    ['src/old/fence.ts', 'src/new/fence.ts'],
    ['tests/old/fence.test.ts', 'tests/new/fence.test.ts']
  ])
})

test('of several tests of that name it is the one of the same room, or else the one with that title', () => {
  const inRoom = { path: 'tests/old/folder/fence.test.ts', text: '' }
  expect(movedFiles([guard], [...files, inRoom]).get('tests/old/fence.test.ts')).toBe(inRoom.path)
  const titled = { path: 'tests/other/fence.test.ts', text: "test('is stale')" }
  expect(movedFiles([guard], [...files, titled]).get('tests/old/fence.test.ts')).toBe(titled.path)
})

test('what is in several places, or in none, is for a person', () => {
  expect(movedFiles([guard], [...files, { path: 'src/other.ts', text: 'a === b' }]).has(guard.file)).toBe(false)
  expect(movedFiles([guard], [])).toEqual(new Map())
})

test('what is where it was stays there', () => {
  const [real] = guards as [Guard]
  const copy = { path: 'src/new/copy.ts', text: real.text }
  expect(movedFiles([real], [copy])).toEqual(new Map())
  expect(movedFiles([{ ...real, file: 'src/gone.ts' }], [copy])).toEqual(new Map([['src/gone.ts', copy.path]]))
})
