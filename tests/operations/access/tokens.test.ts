import { describe, expect, test } from 'vitest'
import { presentedToken } from '../../../src/core/access/token.ts'
import { Tokens } from '../../../src/operations/access/tokens.ts'
import { idSequence } from '../../../src/testing/ids.ts'
import { failing, Lab, START, tampered } from '../../runtime/lab.ts'

const by = { actor: 'anna', via: 'cli', reason: 'a new pipeline' } as const

function setUp() {
  const lab = new Lab()
  const store = lab.store()
  const tokens = new Tokens({ store, clock: lab.clock, newId: idSequence() })
  return { lab, store, tokens }
}

describe('tokens', () => {
  test('prove who presents them, and the books cannot', async () => {
    const { lab, tokens } = setUp()
    const { id, text } = await tokens.create({ name: 'deploy', role: 'operator', by })
    expect(text).toMatch(/^esc_[\da-f-]{36}_[\w-]{43}$/)
    expect(await tokens.check(text)).toMatchObject({ id, name: 'deploy', role: 'operator', createdBy: 'anna' })
    const { secret } = presentedToken(text)!
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(JSON.stringify([...lab.books.tokens, ...lab.books.audit])).not.toContain(secret)
    expect([...lab.books.audit.values()]).toMatchObject([
      { ...by, action: 'token.create', targetId: id, after: '{"name":"deploy","role":"operator"}' }
    ])
  })

  test('differ each time', async () => {
    const { tokens } = setUp()
    const made = await Promise.all(Array.from({ length: 20 }, () => tokens.create({ name: 'deploy', role: 'viewer' })))
    expect(new Set(made.map(({ text }) => presentedToken(text)!.secret)).size).toBe(20)
  })

  test('are refused with another secret, another id, or none', async () => {
    const { tokens } = setUp()
    const [one, other] = [
      await tokens.create({ name: 'a', role: 'admin' }),
      await tokens.create({ name: 'b', role: 'admin' })
    ]
    const secret = presentedToken(one.text)!.secret
    const flipped = `${secret.startsWith('A') ? 'B' : 'A'}${secret.slice(1)}`
    for (const text of [
      `esc_${one.id}_${flipped}`,
      `esc_${other.id}_${secret}`,
      `esc_unknown_${secret}`,
      `${one.text}x`,
      one.text.slice(0, -1),
      ` ${one.text}`,
      '',
      'esc__',
      one.id
    ])
      expect(await tokens.check(text)).toBeUndefined()
    expect(await tokens.check(one.text)).toMatchObject({ id: one.id })
  })

  test('are refused once revoked, on every connection', async () => {
    const { lab, tokens } = setUp()
    const { id, text } = await tokens.create({ name: 'deploy', role: 'operator' })
    const other = new Tokens({ store: lab.store(), clock: lab.clock, newId: idSequence(0x1000) })
    expect(await other.revoke(id, { by })).toBe('revoked')
    expect(await tokens.check(text)).toBeUndefined()
    expect(await tokens.revoke(id, { by })).toBe('already')
    await expect(tokens.revoke('nothing', { by })).rejects.toMatchObject({ code: 'token-unknown' })
    expect([...lab.books.audit.values()].map(({ action }) => action)).toEqual(['token.create', 'token.revoke'])
  })

  test('expire at their instant, and none is made that has expired', async () => {
    const { lab, tokens } = setUp()
    const { text } = await tokens.create({ name: 'deploy', role: 'operator', expiresAt: START + 1_000 })
    lab.clock.set(START + 999)
    expect(await tokens.check(text)).toBeDefined()
    lab.clock.set(START + 1_000)
    expect(await tokens.check(text)).toBeUndefined()
    const late = tokens.create({ name: 'late', role: 'viewer', expiresAt: START + 1_000 })
    await expect(late).rejects.toMatchObject({ code: 'options-invalid' })
  })

  test('have their last use written once a minute, and work where that fails', async () => {
    const { lab, store, tokens } = setUp()
    let writes = 0
    tampered(store, 'touchToken', real => (...args) => {
      writes++
      return real(...args)
    })
    const { id, text } = await tokens.create({ name: 'deploy', role: 'operator' })
    for (let request = 0; request < 120; request++) {
      lab.clock.set(START + request * 1_000)
      await tokens.check(text)
      await tokens.idle()
    }
    expect(writes).toBe(2)
    expect(lab.books.tokens.get(id)?.lastUsedAt).toBe(START + 60_000)
    lab.clock.set(START + 240_000)
    failing(store, 'touchToken')
    expect(await tokens.check(text)).toBeDefined()
    await tokens.idle()
    expect(lab.books.tokens.get(id)?.lastUsedAt).toBe(START + 60_000)
  })
})
