import { EscapementError, isEscapementError } from '../../errors.ts'
import { judgedLater } from '../../options/forms.ts'
import { checkOptions, door } from '../../options/options.ts'
import { boundsOf, type BoundsOptions } from '../bounds.ts'
import { cronCure } from './cron-cure.ts'
import { impossible } from './cron-days.ts'
import { cronDoubts } from './cron-doubts.ts'
import { parseCron } from './cron-expression.ts'
import { CronTrigger } from './cron-trigger.ts'
import { dstPolicy, checkChoice, type DstPolicy } from '../zone/dst.ts'
import type { CronDialect, DayRule } from '../trigger.ts'
import { namedZone, zoneOf } from '../zone/zone.ts'

export interface CronOptions extends BoundsOptions {
  /**
   * `unix` (default): 0 to 7 from Sunday. `quartz`: as Quartz, Spring and AWS number the days of the week, 1 to 7 from
   * Sunday, with a second field before the others.
   */
  dialect?: CronDialect | undefined
  /** IANA name of the zone in whose local time the expression is read; default `UTC`. */
  timezone?: string | undefined
  /**
   * What becomes of local times that the clocks skip (default `transition`) or show twice (default `first`). Only for
   * fixed-time entries: one whose minute or hour field begins with `*` follows real time, whatever this says.
   */
  dst?: Partial<DstPolicy> | undefined
  /**
   * Day-of-month and day-of-week, both restricted: either suffices (`or`, POSIX, default) or both must match (`and`).
   */
  days?: DayRule | undefined
}

/**
 * A cron expression: minute hour day-of-month month day-of-week, with a second field before them (6 fields) and a year
 * behind (7), or `@yearly @annually @monthly @weekly @daily @midnight @hourly`. Names, ranges (also wrapped,
 * `fri-mon`), steps, lists, `L`, `L-3`, `15W`, `LW`, `fri#2`, `friL`, `?`; 0 and 7 are Sunday. A field counts as
 * restricted unless it begins with `*` or is `?`.
 *
 * Throws `cron-invalid` (the message points at the field), `cron-impossible` for an expression that can never match
 * (within its start and end), `timezone-invalid`, `trigger-invalid`.
 */
export function cron(expression: string, options: CronOptions = {}): CronTrigger {
  checkOptions('cron', options, cronDoor)
  const timezone = options.timezone ?? 'UTC'
  const dst = dstPolicy(options.dst)
  const days = checkChoice('cron: days', options.days, ['or', 'and'])
  const dialect = checkChoice('cron: dialect', options.dialect, ['unix', 'quartz'])
  const bounds = boundsOf('cron', options)
  const rule = curably(expression, dialect, () => parseCron(expression, days, dialect))
  const zone = zoneOf(timezone)
  const trigger = new CronTrigger({
    rule,
    dst: rule.wildcardTime ? { gap: 'skip', overlap: 'both' } : dst,
    zone,
    bounds,
    json: {
      kind: 'cron',
      expression: expression.trim(),
      ...(dialect !== 'unix' && { dialect }),
      ...namedZone(options),
      dst,
      days,
      ...bounds.json
    },
    doubts: () => (options.dialect === undefined ? cronDoubts(expression, options.timezone) : [])
  })
  // Without bounds or years a day that matches once comes again; only these can shut out every fire.
  const bounded = options.start !== undefined || options.end !== undefined || rule.calendar.hasYears
  if (bounded && trigger.next(bounds.startMs - 1) === undefined) {
    throw impossible(expression, `no fire time in ${timezone} lies within its years, its start and its end.`)
  }
  return trigger
}

const cronDoor = door<CronOptions>('trigger-invalid', {
  dialect: judgedLater,
  timezone: judgedLater,
  dst: judgedLater,
  days: judgedLater,
  start: judgedLater,
  end: judgedLater
})

/** An error of the expression, with what was most likely meant behind its first sentence. */
function curably<T>(expression: string, dialect: CronDialect, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!isEscapementError(error)) throw error
    const cure = error.code === 'cron-impossible' ? NEVER_CURE : cronCure(expression, dialect)
    if (cure === undefined) throw error
    const [first = '', ...pointer] = error.message.split('\n')
    throw new EscapementError(error.code, [`${first} ${cure}`, ...pointer].join('\n'))
  }
}

const NEVER_CURE = 'For a schedule that does not fire, pause it: schedules.pause(id).'
