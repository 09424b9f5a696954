import { parseCoalesce } from '../kinds/texts.ts'
import { choice, duration, whole } from '../kinds/kind.ts'
import { row } from '../row.ts'
import { timezone } from '../kinds/timezone.ts'

/** What applies to schedules that don't say otherwise. */
export const defaults = {
  /**
   * The IANA name of the zone of schedules that name none.
   * @default `SCHEDULER_TIMEZONE`, else UTC
   */
  timezone: row({
    kind: timezone,
    default: 'UTC',
    meaning: 'Time zone of schedules that name none',
    variables: { SCHEDULER_TIMEZONE: { example: 'UTC' } },
    concerns: ['scheduler']
  }),
  /**
   * How late a fire time may be found and still fire.
   * @default `SCHEDULER_MISFIRE_GRACE`, else no limit
   */
  misfireGrace: row({
    kind: duration(),
    defaultIs: 'no limit',
    meaning: 'How late a fire time may be found and still fire',
    variables: { SCHEDULER_MISFIRE_GRACE: { example: '5m', earlier: 'SCHEDULER_MISFIRE_GRACE_TIME' } },
    concerns: ['scheduler']
  }),
  /**
   * Which of several missed fire times to run.
   * @default `SCHEDULER_COALESCE`, else `latest`
   */
  coalesce: row({
    kind: choice('latest', 'earliest', 'all'),
    default: 'latest',
    meaning: 'Which of several missed fire times to run',
    variables: {
      SCHEDULER_COALESCE: {
        example: 'latest',
        meaning: 'Which of several missed fire times to run: latest (or true), earliest, all (or false)',
        fromText: parseCoalesce
      }
    },
    concerns: ['scheduler']
  }),
  /**
   * The most unfinished jobs that a schedule may have.
   * @default `SCHEDULER_MAX_INSTANCES`, else 1
   */
  maxInstances: row({
    kind: whole(1, 10_000),
    default: 1,
    meaning: 'The most unfinished jobs that a schedule may have',
    variables: { SCHEDULER_MAX_INSTANCES: { example: '1' } },
    concerns: ['scheduler']
  })
}
