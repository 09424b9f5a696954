import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { VitalSigns } from '../../../src/runtime/counts/vital-signs.ts'

function started(store: ConstructorParameters<typeof VitalSigns>[0] = {}): VitalSigns {
  const signs = new VitalSigns(store)
  onTestFinished(() => signs.stop())
  signs.start()
  return signs
}

test('nothing is measured before the start and after the stop', () => {
  const signs = new VitalSigns({})
  expect(signs.look()).toBeUndefined()
  signs.start()
  expect(signs.look()).toBeDefined()
  signs.stop()
  signs.stop()
  expect(signs.look()).toBeUndefined()
})

test('a loop that was blocked shows, once, and so does the work that blocked it', async () => {
  const signs = started()
  const before = signs.look()!
  await sleep(120)
  const until = performance.now() + 300
  while (performance.now() < until);
  await sleep(60)
  const blocked = signs.look()!
  expect(blocked.longestLagMs).toBeGreaterThan(150)
  expect(blocked.loopLagMs).toBeLessThanOrEqual(blocked.longestLagMs!)
  expect(blocked.cpuSeconds).toBeGreaterThan(before.cpuSeconds)
  expect(blocked.rssBytes).toBeGreaterThan(1_000_000)
})

test('the skew of the clocks is that of the look before; one that cannot be had holds nothing up', async () => {
  let asked = 0
  const clockSkewMs = async (): Promise<number> => {
    if (++asked === 2) throw new Error('the database is away')
    return 7
  }
  const signs = started({ clockSkewMs })
  const skews: unknown[] = []
  for (let looks = 0; looks < 3; looks++) {
    skews.push(signs.look()!.clockSkewMs)
    await sleep(0)
  }
  expect(skews).toEqual([undefined, 7, undefined])
})
