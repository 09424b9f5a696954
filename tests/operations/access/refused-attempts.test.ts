import { describe, expect, test } from 'vitest'
import { type RefusedAttempt, RefusedAttempts } from '../../../src/operations/access/refused-attempts.ts'
import { idSequence } from '../../../src/testing/ids.ts'
import { failing, Lab, START, tampered, turn } from '../../runtime/lab.ts'

function setUp() {
  const lab = new Lab()
  const store = lab.store()
  const refused = new RefusedAttempts({ store, clock: lab.clock, newId: idSequence() })
  const attempt = (address: string, actor = 'nobody'): RefusedAttempt => ({
    by: { actor, via: 'api', address },
    action: 'api.use',
    targetId: 'schedules/pause'
  })
  const counts = async (): Promise<[string, string | undefined, number][]> => {
    const { items } = await store.listAudit({}, { limit: 1_000 })
    return items.toReversed().map(({ actor, address, count }) => [actor, address, count])
  }
  return { lab, store, refused, attempt, counts }
}

describe('refused attempts', () => {
  test('are counted per address and minute, in few writes', async () => {
    const { lab, store, refused, attempt, counts } = setUp()
    let writes = 0
    tampered(store, 'writeAudit', real => (...args) => {
      writes++
      return real(...args)
    })
    for (let index = 0; index < 500; index++) refused.count(attempt('192.0.2.7'))
    refused.count(attempt('192.0.2.8'))
    await refused.idle()
    expect(await counts()).toEqual([
      ['nobody', '192.0.2.7', 500],
      ['nobody', '192.0.2.8', 1]
    ])
    expect(writes).toBe(1)
    lab.clock.set(START + 59_999)
    refused.count(attempt('192.0.2.7'))
    lab.clock.set(START + 60_000)
    refused.count(attempt('192.0.2.7'))
    await refused.idle()
    expect((await counts()).map(([, , count]) => count)).toEqual([501, 1, 1])
    expect((await store.listAudit({}, { limit: 1 })).items).toMatchObject([
      { outcome: 'refused', at: START + 60_000, action: 'api.use', targetId: 'schedules/pause', role: undefined }
    ])
  })

  test('that come while a write is under way are one further write', async () => {
    const { store, refused, attempt, counts } = setUp()
    const gate = Promise.withResolvers<void>()
    let writes = 0
    tampered(store, 'writeAudit', real => async (...args) => {
      writes++
      await gate.promise
      return real(...args)
    })
    for (let index = 0; index < 50; index++) {
      refused.count(attempt('192.0.2.7'))
      await turn()
    }
    expect(writes).toBe(1)
    gate.resolve()
    await refused.idle()
    expect([writes, await counts()]).toEqual([2, [['nobody', '192.0.2.7', 50]]])
  })

  test('that the books could not take come with the next, also with a lost answer', async () => {
    const { store, refused, attempt, counts } = setUp()
    failing(store, 'writeAudit', { after: true })
    refused.count(attempt('192.0.2.7'))
    await refused.idle()
    failing(store, 'writeAudit')
    refused.count(attempt('192.0.2.7'))
    await refused.idle()
    expect(await counts()).toEqual([['nobody', '192.0.2.7', 1]])
    refused.count(attempt('192.0.2.9'))
    await refused.idle()
    expect(await counts()).toEqual([
      ['nobody', '192.0.2.7', 2],
      ['nobody', '192.0.2.9', 1]
    ])
  })

  test('are kept as one line, however a request words them', async () => {
    const { store, refused, attempt } = setUp()
    const by = { actor: 'a\u0000b\ud800', via: 'api', address: '\u001b[2J'.repeat(50) } as const
    refused.count({ ...attempt(''), by, targetId: `${'x'.repeat(199)}\u{1f6a2}` })
    await refused.idle()
    const [entry] = (await store.listAudit({}, { limit: 1 })).items
    expect(entry).toMatchObject({ actor: 'a?b?', targetId: `${'x'.repeat(199)}?` })
    expect(entry!.address).toHaveLength(100)
    expect(entry!.address).toMatch(/^(\?\[2J)+$/)
  })

  test('from ever more addresses share an entry after a thousand', async () => {
    const { refused, attempt, counts } = setUp()
    for (let index = 0; index < 1_500; index++) refused.count(attempt(`2001:db8::${index}`))
    refused.count(attempt('2001:db8::7'))
    await refused.idle()
    const known = await counts()
    expect(known.find(([, address]) => address === '2001:db8::7')?.[2]).toBe(2)
    expect(known.filter(([actor]) => actor === 'others')).toEqual([['others', undefined, 500]])
  })
})
