import { expect, test } from 'vitest'
import { checkName, isName } from '../../../src/core/options/names.ts'

test.each(['a', 'berth 4', 'Größe', 'x'.repeat(200)])('a name is taken: %s', name => {
  expect(checkName('The name', name)).toBe(name)
})

test.each(['', ' a', 'a ', 'a\tb', 'a\u0000', 'half \ud800', 'x'.repeat(201), 7, undefined])(
  'what is none is refused: %j',
  name => {
    expect(isName(name)).toBe(false)
    expect(() => checkName('The name', name)).toThrow('The name is ')
  }
)
