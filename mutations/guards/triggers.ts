import type { Guard } from '../guard.ts'

const fires = 'src/core/trigger/cron/cron-fires.ts'
const dstTests = 'tests/core/trigger/cron/cron-dst.test.ts'
const intervals = 'tests/core/trigger/intervals.test.ts'

/** When something is due: cron, daylight saving, intervals. */
export const triggerGuards: readonly Guard[] = [
  {
    name: 'dst-gap-transition',
    promise: 'A local time that the clocks skip fires at the first instant after the gap.',
    file: fires,
    text: 'return segment.gapAt >= second && standsForGap(rule, segment) ? segment.gapAt : found',
    put: 'return found',
    tests: [[dstTests, 'goes to the first instant after it by default']]
  },
  {
    name: 'dst-gap-shift',
    promise: 'With `shift` a skipped local time fires later by the length of the gap.',
    file: fires,
    text: 'return moved < gap.to ? Math.min(found, moved) : found',
    put: 'return found',
    tests: [[dstTests, 'goes later by its length with shift']]
  },
  {
    name: 'dst-gap-skip',
    promise: 'With `skip` a skipped local time does not fire.',
    file: fires,
    text: `const found = regular < firesTo(segment, dst) ? regular : noMatch
  if (segment.gapAt === noGap || dst.gap === 'skip') return found`,
    put: `const found = regular < firesTo(segment, dst) ? regular : noMatch
  if (segment.gapAt === noGap) return found`,
    tests: [[dstTests, 'is left out with skip']]
  },
  {
    name: 'dst-overlap-first',
    promise: 'A local time that comes twice fires the first time by default.',
    file: fires,
    text: "return dst.overlap === 'first' ? segment.freshFrom : segment.from",
    put: 'return segment.from',
    tests: [[dstTests, 'fires the first time by default'], ['tests/core/trigger/cron/cron-count.test.ts']]
  },
  {
    name: 'dst-overlap-last',
    promise: 'With `last` a local time that comes twice fires the last time only.',
    file: fires,
    text: "return dst.overlap === 'last' ? segment.onceUntil : segment.to",
    put: 'return segment.to',
    tests: [[dstTests, 'fires the first time by default, the last time, or both']]
  },
  {
    name: 'dst-moved-is-one-fire',
    promise: 'A fire that a gap moved and a regular one of the same instant are one fire.',
    file: fires,
    text: 'return regular + (inRange && !isMatch(rule, gapAt + offset) ? 1 : 0)',
    put: 'return regular + (inRange ? 1 : 0)',
    tests: [[dstTests, 'makes one fire with others'], ['tests/core/trigger/cron/cron-count.test.ts']]
  },
  {
    name: 'calendar-gap-shift',
    promise: 'A calendar interval follows the same policies over a gap.',
    file: 'src/core/trigger/zone/local-instants.ts',
    text: "dst.gap === 'transition' ? gapAt : local - offsetBefore",
    put: 'gapAt',
    tests: [['tests/core/trigger/calendar-interval.test.ts', 'local times in a gap or an overlap']]
  },
  {
    name: 'calendar-overlap',
    promise: 'A calendar interval fires once in an overlap unless it asks for both.',
    file: 'src/core/trigger/zone/local-instants.ts',
    text: "passes.length > 1 && dst.overlap !== 'both'",
    put: 'passes.length > 2',
    tests: [['tests/core/trigger/calendar-interval.test.ts', 'local times in a gap or an overlap']]
  },
  {
    name: 'every-is-anchored',
    promise: 'Without a start `every` is anchored at the Unix epoch, so that a restart moves nothing.',
    file: 'src/core/trigger/every.ts',
    text: '? startMs + index * everyMs :',
    put: '? startMs + index * everyMs + 1 :',
    tests: [[intervals, 'is anchored at the Unix epoch']]
  },
  {
    name: 'every-end-is-inclusive',
    promise: 'A fire time at the very end of `every` still comes.',
    file: 'src/core/trigger/every.ts',
    text: 'index <= lastIndex ?',
    put: 'index < lastIndex ?',
    tests: [[intervals, 'the end is inclusive']]
  },
  {
    name: 'any-of-merges-equal-instants',
    promise: 'Equal instants of several triggers are one fire.',
    file: 'src/core/trigger/any-of.ts',
    text: 'if (heads[index] === fireAt) heads[index] = trigger.next(fireAt) ?? Infinity',
    put: `if (heads[index] === fireAt) {
        heads[index] = trigger.next(fireAt) ?? Infinity
        break
      }`,
    tests: [[intervals, 'has the fires of all, equal instants once']]
  },
  {
    name: 'cron-seven-is-sunday',
    promise: 'In the day-of-week field 0 and 7 are both Sunday.',
    file: 'src/core/trigger/cron/cron-days.ts',
    text: 'isFromZero(field) ? day % 7 : day - 1',
    put: 'isFromZero(field) ? day % 8 : day - 1',
    tests: [['tests/core/trigger/cron/cron-days.test.ts', 'days of the week']]
  },
  {
    name: 'cron-last-weekday',
    promise: '`friL` is the last Friday of the month.',
    file: 'src/core/trigger/cron/cron-days.ts',
    text: "else if (item.endsWith('l')) found.last |=",
    put: "else if (item.endsWith('l')) found.days |=",
    tests: [['tests/core/trigger/cron/cron-days.test.ts', 'days of the week']]
  },
  {
    name: 'spread-is-within-the-window',
    promise: 'The offset of `spread` follows from the id, and lies within the window.',
    file: 'src/core/trigger/spread.ts',
    text: 'fractionOf(scheduleId) * windowMs)',
    put: 'fractionOf(scheduleId) * windowMs) + 1',
    tests: [[intervals, 'spread']]
  }
]
