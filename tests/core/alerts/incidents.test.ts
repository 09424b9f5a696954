import { describe, expect, test } from 'vitest'
import { isQuiet, type MuteWindow } from '../../../src/core/alerts/hush.ts'
import type { Incident } from '../../../src/core/alerts/incident.ts'
import { liveOn, MAX_OPEN_OF_RULE } from '../../../src/core/alerts/life.ts'
import { GIVE_UP_MS, retryNoticeAt } from '../../../src/core/alerts/notice.ts'
import { criticalByDefault, type Truth } from '../../../src/core/alerts/rule.ts'
import { tell, type Telling, type Tidings } from '../../../src/core/alerts/tell.ts'
import { spanInWords, timeInWords } from '../../../src/core/alerts/words.ts'
import { HOUR, incident, MINUTE, NOW } from './sights.ts'

const truth = (over: Partial<Truth> = {}): Truth => ({
  rule: 'failed',
  subject: 'invoices',
  since: NOW,
  why: 'it fails',
  ...over
})
const ground = (now: number) => ({ now, newId: () => 'new' })
const judged = (...truths: Truth[]) => ({
  truths,
  silenced: new Set<Truth['rule']>(),
  unsure: new Set<Truth['rule']>()
})

describe('the life of an incident', () => {
  test('opens once, changes while it lasts, and resolves', () => {
    const [opened] = liveOn([], judged(truth({ missed: 1 })), ground(NOW))
    expect(opened).toMatchObject({ id: 'new', openedAt: NOW, missed: 1, told: 'nothing' })
    expect(liveOn([opened!], judged(truth({ missed: 1 })), ground(NOW + 1))).toEqual([])
    expect(liveOn([opened!], judged(truth({ missed: 3 })), ground(NOW + 1))).toMatchObject([{ missed: 3 }])
    expect(liveOn([opened!], judged(), ground(NOW + 5))).toMatchObject([{ id: 'new', resolvedAt: NOW + 5 }])
  })

  test('reopened within 10 minutes it is the same; later it is another', () => {
    const over = incident({ resolvedAt: NOW, told: 'over', acknowledgedAt: NOW, acknowledgedBy: 'ann' })
    const again = liveOn([over], judged(truth()), ground(NOW + 10 * MINUTE - 1))
    expect(again).toMatchObject([{ id: 'incident-1', resolvedAt: undefined, flaps: 1, acknowledgedBy: undefined }])
    expect(liveOn([over], judged(truth()), ground(NOW + 10 * MINUTE))).toMatchObject([{ id: 'new', flaps: 0 }])
  })

  test('what is silenced neither opens nor resolves', () => {
    expect(liveOn([incident()], { ...judged(), silenced: new Set(['failed']) }, ground(NOW))).toEqual([])
  })

  test('what was not looked at stays open, and what is true opens', () => {
    const partly = { ...judged(truth({ subject: 'other' })), unsure: new Set<Truth['rule']>(['failed']) }
    expect(liveOn([incident()], partly, ground(NOW))).toMatchObject([{ id: 'new', subject: 'other' }])
  })

  test('at most so many of a rule are open', () => {
    const many = Array.from({ length: MAX_OPEN_OF_RULE + 5 }, (_, index) => truth({ subject: `s${index}` }))
    const opened = liveOn([], judged(...many), ground(NOW))
    expect(opened).toHaveLength(MAX_OPEN_OF_RULE)
    expect(liveOn(opened, judged(...many), ground(NOW))).toEqual([])
  })
})

const telling = (over: Partial<Telling> = {}): Telling => ({
  now: NOW,
  pass: 7,
  storms: {},
  channels: ['mail'],
  critical: new Set(criticalByDefault),
  quietHours: undefined,
  mutes: [],
  ...over
})
const kindsOf = ({ notices }: Tidings): string[] => notices.map(({ notice }) => notice.kind)
/** Tells, and goes on with the incident as it is afterwards. */
const step = (before: Incident, over: Partial<Telling>): { kinds: string[]; after: Incident } => {
  const tidings = tell([before], telling(over))
  return { kinds: kindsOf(tidings), after: tidings.changed[0] ?? before }
}

describe('what is told', () => {
  test('each channel once, under an id of its own', () => {
    const { notices } = tell([incident()], telling({ channels: ['mail', 'pager'] }))
    expect(notices.map(({ channel, notice }) => [channel, notice.id])).toEqual([
      ['mail', '7.0.mail'],
      ['pager', '7.0.pager']
    ])
  })

  test('opened, after 1 h, after 4 h, then daily, until somebody has acknowledged it', () => {
    const times: number[] = []
    let open = incident()
    for (let at = NOW; at < NOW + 50 * HOUR; at += 10 * MINUTE) {
      const { kinds, after } = step(open, { now: at })
      if (kinds.length > 0) times.push((at - NOW) / HOUR)
      open = after
    }
    expect(times).toEqual([0, 1, 4, 24, 48])
    const seen = { ...incident({ told: 'open' }), acknowledgedAt: NOW, acknowledgedBy: 'ann' }
    expect(step(seen, { now: NOW + 30 * HOUR }).kinds).toEqual([])
  })

  test('the end, with how long it lasted and what was missed', () => {
    const over = incident({ told: 'open', resolvedAt: NOW + HOUR, missed: 3 })
    const { notices } = tell([over], telling({ now: NOW + HOUR }))
    expect(notices[0]?.notice).toMatchObject({ kind: 'resolved', title: 'over: failed invoices' })
    expect(notices[0]?.notice.text).toContain('after 61 min. Counted meanwhile: 3.')
    expect(step(step(over, {}).after, { now: NOW + 2 * HOUR }).kinds).toEqual([])
  })

  test('one that comes and goes is told as reopened once, and as over when it stays away', () => {
    const again = step(incident({ told: 'over', flaps: 1 }), {})
    expect([again.kinds, again.after.told]).toEqual([['reopened'], 'open'])
    const gone = { ...again.after, resolvedAt: NOW }
    expect(step(gone, { now: NOW + 10 * MINUTE - 1 }).kinds).toEqual([])
    expect(step(gone, { now: NOW + 10 * MINUTE }).kinds).toEqual(['resolved'])
  })

  test('five openings are five notices, six are one with at most twenty names', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => incident({ subject: `s${index}` }))
    expect(kindsOf(tell(many(5), telling()))).toHaveLength(5)
    expect(kindsOf(tell(many(6), telling()))).toHaveLength(1)
    const { notices } = tell(many(50), telling())
    expect(notices).toHaveLength(1)
    expect(notices[0]?.notice).toMatchObject({ title: 'failed (50)', more: 30 })
    expect(notices[0]?.notice.incidents).toHaveLength(20)
    expect(notices[0]?.notice.text).toContain('And 30 more.')
  })

  test('what joins a storm waits until it is over', () => {
    const told = Array.from({ length: 6 }, (_, index) => incident({ subject: `s${index}` }))
    const first = tell(told, telling())
    expect(first.storms).toEqual({ failed: NOW })
    const late = incident({ subject: 'late', openedAt: NOW + 20_000 })
    const all = [...first.changed, late]
    expect(tell(all, telling({ now: NOW + 20_000, storms: first.storms })).notices).toEqual([])
    expect(kindsOf(tell(all, telling({ now: NOW + 30_000, storms: first.storms })))).toEqual(['opened'])
  })

  test('a channel that fails is told of on the others', () => {
    const failing = incident({ rule: 'channel-failing', subject: 'mail' })
    const { notices } = tell([failing], telling({ channels: ['mail', 'pager'] }))
    expect(notices.map(({ channel }) => channel)).toEqual(['pager'])
  })
})

describe('what is not told', () => {
  const quietHours = { from: '22:00', until: '07:00', timezone: 'Europe/Berlin' }
  const at = (text: string): number => Date.parse(text)

  test('quiet hours are local, and span midnight', () => {
    const quiet = ['20:59', '21:00', '05:59', '06:00'].map(time => isQuiet(quietHours, at(`2026-03-09T${time}:00Z`)))
    expect(quiet).toEqual([false, true, true, false])
    expect(isQuiet(quietHours, at('2026-07-09T05:00:00Z'))).toBe(false)
    expect(isQuiet({ from: '12:00', until: '13:00' }, NOW)).toBe(true)
    expect(isQuiet(undefined, NOW)).toBe(false)
  })

  test('quiet hours hold all but what is critical, and end with one digest', () => {
    const night = { now: at('2026-03-09T23:00:00Z'), quietHours }
    const opened = incident({ openedAt: night.now })
    const over = incident({ subject: 'over', openedAt: night.now, resolvedAt: night.now })
    const critical = incident({ rule: 'no-scheduler', subject: 'scheduler' })
    const { notices, changed } = tell([opened, over, critical], telling(night))
    expect(notices.map(({ notice }) => notice.rule)).toEqual(['no-scheduler'])
    const kept = changed.filter(({ rule }) => rule === 'failed')
    const day = tell(kept, telling({ now: at('2026-03-10T06:00:00Z'), quietHours }))
    expect(kindsOf(day)).toEqual(['digest'])
    expect(day.notices[0]?.notice.incidents.map(({ subject }) => subject)).toEqual(['invoices', 'over'])
    expect(tell(day.changed, telling({ now: at('2026-03-10T06:00:10Z'), quietHours })).notices).toEqual([])
  })

  test('a mute is of a schedule, a rule, a time; what is open at its end is told then', () => {
    const mute: MuteWindow = { schedule: 'invoices', reason: 'migration', fromMs: NOW, untilMs: NOW + HOUR }
    const muted = { mutes: [mute], now: NOW }
    expect(step(incident(), muted).kinds).toEqual([])
    expect(step(incident({ subject: 'other' }), muted).kinds).toEqual(['opened'])
    expect(step(incident(), { mutes: [{ ...mute, rule: 'stale' }] }).kinds).toEqual(['opened'])
    expect(step(incident(), { ...muted, now: NOW + HOUR }).kinds).toEqual(['opened'])
    const over = step(incident({ resolvedAt: NOW }), muted)
    expect([over.kinds, over.after.told]).toEqual([[], 'over'])
  })
})

test('a notice is tried for 24 h, ever more seldom', () => {
  let at: number | undefined = NOW
  const times: number[] = []
  for (let tries = 1; at !== undefined; tries++) {
    times.push(at - NOW)
    at = retryNoticeAt(NOW, tries, at)
  }
  expect(times.slice(0, 4)).toEqual([0, 10_000, 30_000, 70_000])
  expect(times.at(-1)).toBeGreaterThan(GIVE_UP_MS - 1_800_000)
  expect(times.at(-1)).toBeLessThanOrEqual(GIVE_UP_MS)
})

test('times are in the zone of the schedule and in UTC', () => {
  expect(timeInWords(Date.parse('2026-03-08T07:30:00Z'), 'America/New_York')).toBe(
    '2026-03-08 03:30:00 -04:00 America/New_York (2026-03-08T07:30:00Z)'
  )
  expect(timeInWords(NOW, undefined)).toBe('2026-03-09T12:00:00Z')
  expect([1_000, 180_000, 3 * HOUR, 72 * HOUR].map(spanInWords)).toEqual(['1 s', '3 min', '3 h', '3 days'])
})
