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
import type { CronDialect, DayRule, LocalTrigger } from '../trigger.ts'
import { namedZone, zoneOf } from '../zone/zone.ts'

/** The options of `cron`. */
export interface CronOptions extends BoundsOptions {
  /**
   * `unix`: weekdays are 0 to 7, from Sunday. `quartz`: as in Quartz, Spring and AWS, weekdays are 1 to 7, from Sunday,
   * and a second field comes before the others.
   * @default 'unix'
   */
  dialect?: CronDialect | undefined
  /**
   * IANA name of the zone of the expression's local times.
   * @default the settings' zone in a schedule, else UTC
   */
  timezone?: string | undefined
  /**
   * What to do with local times that the clocks skip or show twice. It applies to fixed-time expressions only: one
   * whose minute or hour field begins with `*` follows real time.
   * @default { gap: 'transition', overlap: 'first' }
   */
  dst?: Partial<DstPolicy> | undefined
  /**
   * If day-of-month and day-of-week are both restricted: one must match (`or`, as in POSIX), or both must (`and`).
   * @default 'or'
   */
  days?: DayRule | undefined
}

/**
 * Fires at the local times that match a cron expression: minute hour day-of-month month day-of-week, optionally with
 * seconds first (6 fields) and a year last (7), or `@yearly @annually @monthly @weekly @daily @midnight @hourly`. It
 * takes names, ranges (also wrapped, `fri-mon`), steps, lists, `L`, `L-3`, `15W`, `LW`, `fri#2`, `friL` and `?`; 0 and
 * 7 are Sunday. A field is restricted unless it begins with `*` or is `?`.
 *
 * @throws EscapementError `cron-invalid` (the message points at the field), `cron-impossible` for an expression that
 * can never match (within its start and end), `timezone-invalid`, `trigger-invalid`
 *
 * @example
 * ```ts
 * cron('0 9 * * mon-fri', { timezone: 'America/Sao_Paulo' })
 * cron('30 2 L * *', { dst: { gap: 'skip' } })
 * ```
 */
export function cron(expression: string, options: CronOptions = {}): LocalTrigger {
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
  // Without bounds or years, a day that matches once comes again. Only these can exclude every fire.
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

/** Adds to an error of the expression what was most likely meant, after its first line. */
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
