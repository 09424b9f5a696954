import { expect } from 'vitest'
import type { AuditAction, NewAuditEntry } from '../../src/core/access/audit.ts'
import { auditEntryOf, stampOf } from '../../src/core/access/by.ts'
import { SESSION_LIFE_MS } from '../../src/core/access/session.ts'
import { stateOfToken } from '../../src/core/access/token.ts'
import type { NewSession } from '../../src/store/access/sessions.ts'
import type { NewToken } from '../../src/store/access/tokens.ts'
import type { Store } from '../../src/store/store.ts'
import { readPages } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

/** Tokens that programs present, and sessions of people who have logged in. */
export function testAccess(suite: Suite): void {
  testTokens(suite)
  testTouches(suite)
  testSessions(suite)
  testSessionsOfTokens(suite)
  testExpiry(suite)
}

const hashOf = (digit: string): string => digit.repeat(64)

const newToken = (over: Partial<NewToken> = {}): NewToken => ({
  id: 'token-1',
  name: 'deploy',
  secretHash: hashOf('a'),
  role: 'operator',
  createdBy: 'anna',
  expiresAt: undefined,
  ...over
})

const newSession = (over: Partial<NewSession> = {}): NewSession => ({
  idHash: hashOf('b'),
  tokenId: undefined,
  actor: 'anna',
  role: 'admin',
  csrfHash: hashOf('c'),
  lifeMs: SESSION_LIFE_MS,
  ...over
})

const about = (number: number, action: AuditAction, targetId: string): NewAuditEntry =>
  auditEntryOf(stampOf({ actor: 'anna', via: 'cli' }), { id: `entry-${number}`, action, targetId })

const audited = async (store: Store): Promise<string[]> =>
  (await store.listAudit({}, { limit: 100 })).items.map(({ id }) => id)

function testTokens({ test }: Suite): void {
  test('tokens: one is made, read, listed and revoked, each with its entry once', async ({ clock, store }) => {
    const token = newToken({ expiresAt: START + 9_000 })
    const made = { ...token, createdAt: START, revokedAt: undefined, lastUsedAt: undefined }
    await store.makeToken(token, about(1, 'token.create', token.id))
    clock.set(START + 5)
    await store.makeToken({ ...token, secretHash: hashOf('d') }, about(2, 'token.create', token.id))
    expect(await store.readToken(token.id)).toEqual(made)
    expect(await store.revokeToken(token.id, about(3, 'token.revoke', token.id))).toBe('revoked')
    clock.set(START + 7)
    expect(await store.revokeToken(token.id, about(4, 'token.revoke', token.id))).toBe('already')
    expect(await store.revokeToken('nothing', about(5, 'token.revoke', 'nothing'))).toBe('unknown')
    expect(await store.readToken(token.id)).toEqual({ ...made, revokedAt: START + 5 })
    expect(await store.readToken('nothing')).toBeUndefined()
    expect(await audited(store)).toEqual(['entry-3', 'entry-1'])
  })

  test('tokens: revoked on one connection, revoked on all', async ({ store, beside }) => {
    const other = await beside()
    await store.makeToken(newToken())
    await other.revokeToken('token-1')
    expect(stateOfToken((await store.readToken('token-1'))!, START)).toBe('revoked')
  })

  test('tokens: pages go from the newest id, revoked ones too', async ({ store }) => {
    for (let number = 1; number <= 5; number++) await store.makeToken(newToken({ id: `token-${number}` }))
    await store.revokeToken('token-3')
    const pages = await readPages(cursor => store.listTokens({ limit: 2, cursor }))
    expect(pages.map(page => page.map(({ id }) => id))).toEqual([
      ['token-5', 'token-4'],
      ['token-3', 'token-2'],
      ['token-1']
    ])
  })
}

function testTouches({ test }: Suite): void {
  test('tokens: a use is written at most once a minute', async ({ clock, store }) => {
    await store.makeToken(newToken())
    const usedAt = async () => (await store.readToken('token-1'))?.lastUsedAt
    clock.set(START + 10)
    await store.touchToken('token-1')
    expect(await usedAt()).toBe(START + 10)
    clock.set(START + 60_009)
    await store.touchToken('token-1')
    expect(await usedAt()).toBe(START + 10)
    clock.set(START + 60_010)
    await store.touchToken('token-1')
    expect(await usedAt()).toBe(START + 60_010)
    await store.touchToken('nothing')
  })
}

function testSessions({ test }: Suite): void {
  test('sessions: one is made, read and revoked, each with its entry once', async ({ clock, store }) => {
    const session = newSession()
    const { lifeMs, ...rest } = session
    const made = { ...rest, createdAt: START, expiresAt: START + lifeMs, revokedAt: undefined }
    expect(await store.makeSession(session, about(1, 'session.create', 'b'))).toBe('made')
    clock.set(START + 5)
    expect(await store.makeSession({ ...session, actor: 'ben' }, about(2, 'session.create', 'b'))).toBe('made')
    expect(await store.readSession(session.idHash)).toEqual(made)
    expect(await store.readSession(hashOf('9'))).toBeUndefined()
    await store.revokeSession(session.idHash, about(3, 'session.revoke', 'b'))
    clock.set(START + 8)
    await store.revokeSession(session.idHash, about(4, 'session.revoke', 'b'))
    await store.revokeSession(hashOf('9'), about(5, 'session.revoke', '9'))
    expect(await store.readSession(session.idHash)).toEqual({ ...made, revokedAt: START + 5 })
    expect(await audited(store)).toEqual(['entry-3', 'entry-1'])
  })
}

function testSessionsOfTokens({ test }: Suite): void {
  test('sessions: none of a token that is unknown, revoked or has expired', async ({ clock, store }) => {
    await store.makeToken(newToken({ id: 'revoked' }))
    await store.revokeToken('revoked')
    await store.makeToken(newToken({ id: 'expired', expiresAt: START + 5 }))
    clock.set(START + 5)
    for (const [index, tokenId] of ['unknown', 'revoked', 'expired'].entries()) {
      const session = newSession({ tokenId, idHash: hashOf(String(index)) })
      expect(await store.makeSession(session, about(index, 'session.create', tokenId))).toBe('refused')
      expect(await store.readSession(session.idHash)).toBeUndefined()
    }
    expect(await audited(store)).toEqual([])
  })

  test('sessions: one ends with its token, whichever ends first', async ({ clock, store }) => {
    await store.makeToken(newToken({ expiresAt: START + 1_000 }))
    await store.makeToken(newToken({ id: 'token-2', expiresAt: START + 2 * SESSION_LIFE_MS }))
    const [one, other] = [newSession({ tokenId: 'token-1' }), newSession({ tokenId: 'token-2', idHash: hashOf('e') })]
    for (const session of [one, other]) expect(await store.makeSession(session)).toBe('made')
    const read = async (session: NewSession) => (await store.readSession(session.idHash))!
    expect((await read(one)).expiresAt).toBe(START + 1_000)
    expect((await read(other)).expiresAt).toBe(START + SESSION_LIFE_MS)
    clock.set(START + 20)
    await store.revokeSession(other.idHash)
    clock.set(START + 30)
    for (const id of ['token-1', 'token-2']) await store.revokeToken(id)
    expect([await read(one), await read(other)]).toMatchObject([{ revokedAt: START + 30 }, { revokedAt: START + 20 }])
  })
}

function testExpiry({ test }: Suite): void {
  test('sessions: those that have expired are pruned, so many at a time, and tokens stay', async ({ clock, store }) => {
    await store.makeToken(newToken({ expiresAt: START + 1 }))
    for (let number = 1; number <= 3; number++)
      await store.makeSession(newSession({ idHash: hashOf(String(number)), lifeMs: number * 1_000 }))
    const request = { ledgerBefore: 0, unsuccessfulBefore: 0, nodesBefore: 0, auditBefore: 0, limit: 1 }
    clock.set(START + 999)
    expect(await store.prune(request)).toMatchObject({ sessions: 0 })
    clock.set(START + 2_000)
    for (const sessions of [1, 1, 0]) expect(await store.prune(request)).toMatchObject({ sessions })
    expect(await store.readSession(hashOf('2'))).toBeUndefined()
    expect(await store.readSession(hashOf('3'))).toMatchObject({ expiresAt: START + 3_000 })
    expect(await store.readToken('token-1')).toMatchObject({ expiresAt: START + 1 })
  })
}
