import { describe, expect, test } from 'vitest'
import { SESSION_LIFE_MS } from '../../../src/core/access/session.ts'
import { provesIntent, Sessions } from '../../../src/operations/access/sessions.ts'
import { Tokens } from '../../../src/operations/access/tokens.ts'
import { idSequence } from '../../../src/testing/ids.ts'
import { Lab, START } from '../../runtime/lab.ts'

const by = { actor: 'anna', via: 'page', address: '192.0.2.7' } as const

function setUp() {
  const lab = new Lab()
  const options = { store: lab.store(), clock: lab.clock, newId: idSequence() }
  return { lab, sessions: new Sessions(options), tokens: new Tokens(options) }
}

describe('sessions', () => {
  test('are known by their id for 12 hours', async () => {
    const { lab, sessions } = setUp()
    const begun = (await sessions.begin({ actor: 'anna', role: 'admin', by }))!
    expect(await sessions.find(begun.id)).toMatchObject({ actor: 'anna', role: 'admin', tokenId: undefined })
    expect(await sessions.find(begun.csrf)).toBeUndefined()
    expect(await sessions.find('')).toBeUndefined()
    lab.clock.set(START + SESSION_LIFE_MS - 1)
    expect(await sessions.find(begun.id)).toBeDefined()
    lab.clock.set(START + SESSION_LIFE_MS)
    expect(await sessions.find(begun.id)).toBeUndefined()
  })

  test('are in the books as hashes, and in the audit without them', async () => {
    const { lab, sessions } = setUp()
    const { id, csrf } = (await sessions.begin({ actor: 'anna', role: 'admin', by }))!
    const books = JSON.stringify([...lab.books.sessions, ...lab.books.audit])
    for (const secret of [id, csrf]) expect(books).not.toContain(secret)
    const session = (await sessions.find(id))!
    await sessions.end(session, { by })
    await sessions.end(session, { by })
    expect(await sessions.find(id)).toBeUndefined()
    const entries = [...lab.books.audit.values()]
    expect(entries.map(({ action }) => action)).toEqual(['session.create', 'session.revoke'])
    expect(entries[0]).toMatchObject({ ...by, targetId: session.idHash.slice(0, 16) })
    expect(JSON.stringify(entries)).not.toContain(session.idHash)
  })

  test('prove the intent of a request by their own secret only', async () => {
    const { sessions } = setUp()
    const [one, other] = [
      (await sessions.begin({ actor: 'anna', role: 'admin' }))!,
      (await sessions.begin({ actor: 'ben', role: 'admin' }))!
    ]
    const session = (await sessions.find(one.id))!
    expect(provesIntent(session, one.csrf)).toBe(true)
    for (const wrong of [other.csrf, one.id, '', `${one.csrf} `]) expect(provesIntent(session, wrong)).toBe(false)
  })

  test('end with the token that began them, and none begins with one that ended', async () => {
    const { lab, sessions, tokens } = setUp()
    const { id: tokenId } = await tokens.create({ name: 'anna', role: 'operator', expiresAt: START + 10_000 })
    const { id: another } = await tokens.create({ name: 'ben', role: 'operator', expiresAt: START + 10_000 })
    const [one, other] = [
      (await sessions.begin({ tokenId, actor: 'anna', role: 'operator' }))!,
      (await sessions.begin({ tokenId: another, actor: 'ben', role: 'operator' }))!
    ]
    await tokens.revoke(tokenId)
    expect(await sessions.find(one.id)).toBeUndefined()
    expect(await sessions.find(other.id)).toBeDefined()
    expect(await sessions.begin({ tokenId, actor: 'anna', role: 'operator' })).toBeUndefined()
    lab.clock.set(START + 10_000)
    expect(await sessions.find(other.id)).toBeUndefined()
  })
})
