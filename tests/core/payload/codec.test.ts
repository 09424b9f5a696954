import { describe, expect, test } from 'vitest'
import {
  codecsOf,
  type PayloadCodec,
  seal,
  sealFailure,
  unseal,
  unsealFailure
} from '../../../src/core/payload/codec.ts'
import { task } from '../../../src/core/job/task.ts'
import { MAX_JSON_BYTES, toStrictJson } from '../../../src/core/options/json.ts'

/** Turns the text round. */
const backwards = (name = 'backwards'): PayloadCodec => ({
  name,
  encode: json => json.split('').toReversed().join(''),
  decode: text => text.split('').toReversed().join('')
})
const broken = (over: object): PayloadCodec => ({ ...backwards('broken'), ...over })
const refused = (why: string | RegExp): unknown =>
  expect.objectContaining({ code: 'codec-failed', message: expect.stringMatching(why) })

describe('sealing', () => {
  test('keeps valid JSON that names the codec, and gives the same JSON back', () => {
    const text = seal([backwards()], '{"to":"ann"}', 'It')
    expect(JSON.parse(text)).toEqual({ $codec: 'backwards', data: '}"nna":"ot"{' })
    expect(unseal([backwards()], text, 'It')).toBe('{"to":"ann"}')
  })

  test('encodes with the first, and decodes by name', () => {
    const old = seal([backwards('old')], '1', 'It')
    const both = [backwards('new'), backwards('old')] as const
    expect(unseal(both, old, 'It')).toBe('1')
    expect(JSON.parse(seal(both, '1', 'It'))).toMatchObject({ $codec: 'new' })
  })

  test('tells the codec the payload of the job', () => {
    const told: unknown[] = []
    const codec = broken({ encode: (_json: string, of: object) => (told.push(of), 'x') })
    seal([codec], '1', 'It')
    seal([codec], '1', 'It', '{"to":"ann"}')
    sealFailure([codec], { attempt: 1, at: 7, message: 'ebb' }, '{"to":"bob"}')
    expect(told).toEqual([{ payload: '1' }, { payload: '{"to":"ann"}' }, { payload: '{"to":"bob"}' }])
  })

  test('leaves alone what is not sealed', () => {
    expect(unseal([backwards()], '{"to":"ann"}', 'It')).toBe('{"to":"ann"}')
    expect(unseal(undefined, '{"to":"ann"}', 'It')).toBe('{"to":"ann"}')
  })

  test('a codec that is missing is named, with those that are there', () => {
    const text = seal([backwards('old')], '1', 'The payload')
    expect(() => unseal(undefined, text, 'The payload')).toThrow(refused(/The payload .*"old".* it has: none\./))
    expect(() => unseal([backwards('new')], text, 'It')).toThrow(refused(/"old".* it has: "new"\./))
  })

  test.each<[string, object, RegExp]>([
    ['throws', { encode: () => expect.fail('no key for ann') }, /could not be encoded by the codec "broken"/],
    ['is asynchronous', { encode: async () => 'x' }, /into what cannot be kept: it is .* and no text/],
    ['makes what databases refuse', { encode: () => 'a\u0000b' }, /the character NUL/],
    ['makes too much', { encode: () => 'x'.repeat(MAX_JSON_BYTES) }, /at most 1000000 are allowed/]
  ])('an encoder that %s is refused', (_name, over, why) => {
    expect(() => seal([broken(over)], '1', 'It')).toThrow(refused(why))
  })

  test.each<[string, object]>([
    ['throws', { decode: () => expect.fail('bad text: ann@example.org') }],
    ['gives no JSON', { decode: () => 'ann@example.org' }],
    ['gives no text', { decode: () => undefined }]
  ])('a decoder that %s says nothing of the content', (_name, over) => {
    const text = seal([broken({})], '1', 'It')
    expect(() => unseal([broken(over)], text, 'It')).toThrow(refused('It could not be decoded by the codec "broken".'))
  })
})

describe('a failure', () => {
  const failure = {
    attempt: 2,
    at: 7,
    code: 'EDECLINED',
    message: 'no money: ann',
    stack: 'Error: no money: ann',
    cause: { message: 'ann' },
    errors: [{ message: 'ann, too' }]
  }

  test('keeps attempt, time and code in the open, and nothing else', () => {
    const sealed = sealFailure([backwards()], failure, '1')
    expect(sealed).toEqual({
      attempt: 2,
      at: 7,
      code: 'EDECLINED',
      message: 'Sealed by the codec "backwards".',
      sealed: { $codec: 'backwards', data: expect.any(String) }
    })
    expect(JSON.stringify(sealed)).not.toContain('ann')
    expect(unsealFailure([backwards()], sealed)).toEqual(failure)
  })

  test('that cannot be sealed is left out, and one that cannot be opened stays as it is', () => {
    const left = sealFailure([broken({ encode: () => expect.fail('no key for ann') })], failure, '1')
    expect(left).toMatchObject({ attempt: 2, code: 'EDECLINED', message: expect.stringContaining('"broken"') })
    expect(JSON.stringify(left)).not.toContain('ann')
    const sealed = sealFailure([backwards()], failure, '1')
    expect(unsealFailure([backwards('other')], sealed)).toEqual(sealed)
    expect(unsealFailure(undefined, sealed)).toEqual(sealed)
  })
})

describe('the option', () => {
  const handler = (): void => undefined

  test('takes one, or several', () => {
    expect(task('mail', { handler, codec: backwards() }).codecs).toHaveLength(1)
    expect(task('mail', { handler, codec: [backwards('new'), backwards('old')] }).codecs).toHaveLength(2)
    expect(task('mail', { handler }).codecs).toBeUndefined()
  })

  test.each<[unknown, RegExp]>([
    ['my secret key', /a codec that is of type string; it takes a codec/],
    [[], /a codec that is an empty list/],
    [null, /a codec that is of type null/],
    [{ ...backwards(), name: '' }, /a codec whose name is ""/],
    [{ name: 'aes', encode: () => '' }, /the codec "aes", whose decode is undefined/],
    [[backwards(), backwards()], /two codecs with the name "backwards"/]
  ])('refuses %j, and does not show what may be a key', (codec, why) => {
    const made = (): unknown => codecsOf('The task "mail"', codec as PayloadCodec)
    expect(made).toThrow(expect.objectContaining({ code: 'task-invalid', message: expect.stringMatching(why) }))
    expect(made).toThrow(expect.not.objectContaining({ message: expect.stringContaining('secret') }))
  })
})

test('an app has no key $codec of its own at the top of a value', () => {
  expect(toStrictJson({ to: 'ann', $codec: 'x' })).toEqual({ problem: expect.stringContaining('"$codec"') })
  expect(toStrictJson({ sent: { $codec: 'x' } })).toEqual({ text: '{"sent":{"$codec":"x"}}' })
})
