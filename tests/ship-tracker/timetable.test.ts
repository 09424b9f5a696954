import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { callsAt } from '../../examples/ship-tracker/timetable.ts'

const HOUR_MS = 3_600_000
const instants = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) })

test('at every instant there are ships, each once, in the window and in order', () => {
  fc.assert(
    fc.property(instants, now => {
      const calls = callsAt(now)
      const times = calls.map(({ etaAt }) => etaAt)
      expect(calls.length).toBeGreaterThan(5)
      expect(new Set(calls.map(({ call }) => call)).size).toBe(calls.length)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(times.every(at => at >= now - 2 * HOUR_MS && at <= now + 8 * HOUR_MS)).toBe(true)
      expect(calls).toEqual(callsAt(now))
    })
  )
})

test('a ship comes nearer with the clock until it is berthed', () => {
  fc.assert(
    fc.property(instants, now => {
      const [next] = callsAt(now).filter(({ progress }) => progress === 'at the pilot station')
      fc.pre(next !== undefined)
      const half = callsAt((now + next.etaAt) / 2).find(({ call }) => call === next.call)
      const then = callsAt(next.etaAt).find(({ call }) => call === next.call)
      expect(half?.milesOff).toBeLessThanOrEqual(next.milesOff)
      expect(then).toMatchObject({ progress: 'berthed', milesOff: 0, etaAt: next.etaAt })
    })
  )
})

test('some ships are late: their time of arrival changes on the way', () => {
  const morning = Date.UTC(2026, 2, 8, 6)
  const planned = new Map(callsAt(morning).map(({ call, etaAt }) => [call, etaAt]))
  const later = callsAt(morning + 6 * HOUR_MS)
  expect(later.filter(({ call, etaAt }) => planned.has(call) && planned.get(call) !== etaAt)).not.toEqual([])
})
