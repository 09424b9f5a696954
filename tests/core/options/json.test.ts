import { describe, expect, test } from 'vitest'
import { MAX_JSON_BYTES, toStrictJson } from '../../../src/core/options/json.ts'

describe('is written', () => {
  test.each<[unknown, string]>([
    [undefined, 'null'],
    [null, 'null'],
    [0, '0'],
    [-1.5, '-1.5'],
    ['ü🚢', '"ü🚢"'],
    [[], '[]'],
    [{ a: [1, { b: null }], c: undefined }, '{"a":[1,{"b":null}]}'],
    [Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}']
  ])('%j', (value, text) => {
    expect(toStrictJson(value)).toEqual({ text })
  })

  test('an object that appears twice, but not within itself', () => {
    const port = { name: 'Emden' }
    expect(toStrictJson({ from: port, to: port })).toHaveProperty('text')
  })
})

class Ship {
  name = 'Frisia'
}
const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

describe('is refused, with the place', () => {
  test.each<[string, unknown, RegExp]>([
    ['undefined in a list', { a: [1, undefined] }, /"a\[1\]" is of type undefined/],
    ['NaN', { a: Number.NaN }, /"a" is NaN/],
    ['Infinity', -Infinity, /the value is -Infinity/],
    ['a Date', { at: new Date() }, /"at" is a Date, which JSON cannot carry; give what its toISOString\(\) returns/],
    ['a Map', new Map(), /the value is an instance of Map/],
    ['a class of one’s own', [new Ship()], /"\[0\]" is an instance of Ship/],
    ['a bigint', { n: 1n }, /"n" is of type bigint/],
    ['a function', { f: () => 1 }, /"f" is of type function/],
    ['a symbol', Symbol('s'), /of type symbol/],
    ['NUL', { a: 'x\u0000' }, /"a" holds the character NUL/],
    ['NUL in a key', { 'a\u0000': 1 }, /NUL/],
    ['half a surrogate pair', ['\ud83d'], /half of a surrogate pair/],
    ['__proto__ as a key', JSON.parse('{"a":{"__proto__":1}}'), /"a" has the key "__proto__"/],
    ['itself', cyclic, /"self" contains itself/],
    ['too deep', nested(201), /nested more than 200 deep/]
  ])('%s', (_what, value, problem) => {
    expect(toStrictJson(value)).toEqual({ problem: expect.stringMatching(problem) })
  })

  test('the depth and the size that are allowed are', () => {
    expect(toStrictJson(nested(200))).toHaveProperty('text')
    expect(toStrictJson('x'.repeat(MAX_JSON_BYTES - 2))).toHaveProperty('text')
    expect(toStrictJson('x'.repeat(MAX_JSON_BYTES - 1))).toHaveProperty('problem')
  })

  test('the size is in bytes, not in characters', () => {
    expect(toStrictJson('ü'.repeat(MAX_JSON_BYTES / 2 - 1))).toHaveProperty('text')
    expect(toStrictJson('ü'.repeat(MAX_JSON_BYTES / 2))).toHaveProperty('problem')
  })
})
