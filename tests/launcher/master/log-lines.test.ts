import { expect, test } from 'vitest'
import { LinePrefixer, prefixesOf } from '../../../src/launcher/master/log-lines.ts'

test('a prefix stands before each line, wherever the bytes are cut', () => {
  const bytes = Buffer.from('one\ntwö\n\nlast')
  for (let cut = 0; cut <= bytes.length; cut++) {
    const prefixer = new LinePrefixer('web.1 | ')
    const lines = prefixer.add(bytes.subarray(0, cut)) + prefixer.add(bytes.subarray(cut)) + prefixer.end()
    expect(lines).toBe('web.1 | one\nweb.1 | twö\nweb.1 | \nweb.1 | last\n')
  }
})

test('nothing is added to nothing', () => {
  const prefixer = new LinePrefixer('x | ')
  expect(prefixer.add(Buffer.from('a\n')) + prefixer.end() + prefixer.end()).toBe('x | a\n')
})

test('a line without an end does not grow for ever', () => {
  const prefixer = new LinePrefixer('')
  const lines = prefixer.add(Buffer.alloc(70_000, 'x'))
  expect(lines).toHaveLength(70_001)
  expect(prefixer.end()).toBe('')
})

test('prefixes have one width', () => {
  expect([...prefixesOf(['web.1', 'scheduler.1']).values()]).toEqual(['web.1       | ', 'scheduler.1 | '])
})
