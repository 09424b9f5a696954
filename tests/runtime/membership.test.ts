import { expect, test } from 'vitest'
import { Gatherer } from '../../src/runtime/counts/gatherer.ts'
import { VitalSigns } from '../../src/runtime/counts/vital-signs.ts'
import { Emitter } from '../../src/runtime/events/emitter.ts'
import { Membership } from '../../src/runtime/membership.ts'
import type { HeldAttempt, Renewal } from '../../src/store/nodes.ts'
import type { Store } from '../../src/store/store.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { nodeRecord } from '../conformance/fixtures.ts'

const TTL_MS = 15_000
const alive = (id: string): Renewal => ({ phase: 'alive', held: [{ id, fence: 1, cancelRequested: false }] })

/** A membership, and each renewal that it has sent: the test answers it when it likes. */
function membership() {
  const clock = new ManualClock()
  const log: string[] = []
  const renewals: { readonly id: string; readonly answer: (renewal: Renewal) => void }[] = []
  let ids = 0
  const store = {
    join: async ({ id }: { id: string }) => void log.push(`joined ${id}`),
    renew: (id: string) => new Promise<Renewal>(answer => renewals.push({ id, answer }))
  } as unknown as Store
  const member = new Membership({
    store,
    clock,
    leaseTtlMs: TTL_MS,
    renewEveryMs: 5_000,
    gatherer: new Gatherer({ clock, events: new Emitter(), vitalSigns: new VitalSigns(store) }),
    newId: () => `id-${++ids}`,
    record: id => nodeRecord({ id }),
    onJoined: () => undefined,
    onHeld: (held: readonly HeldAttempt[]) => log.push(`holds ${held.map(({ id }) => id).join()}`),
    onLost: async id => void log.push(`lost ${id}`)
  })
  return { clock, log, renewals, member }
}

test('an answer to a former identity tells nothing of the new one, and does not lengthen its lease', async () => {
  const { clock, log, renewals, member } = membership()
  await member.join()
  const late = member.renew()
  await expect.poll(() => renewals.length).toBe(1)
  await clock.advance(TTL_MS)
  expect({ id: member.id, log }).toEqual({ id: 'id-2', log: ['joined id-1', 'lost id-1'] })
  renewals[0]!.answer(alive('job-of-the-former'))
  expect(await late).toBe(0)
  // Had it counted, the new identity, which never joined, would be lost when a lease of its own is over.
  await clock.advance(2 * TTL_MS)
  expect(log).toEqual(['joined id-1', 'lost id-1'])

  const next = member.renew()
  await expect.poll(() => renewals.length).toBe(2)
  expect(renewals[1]!.id).toBe('id-2')
  renewals[1]!.answer(alive('job-of-the-new'))
  expect(await next).toBe(5_000)
  expect(log).toEqual(['joined id-1', 'lost id-1', 'joined id-2', 'holds job-of-the-new'])
})
