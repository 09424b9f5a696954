import type { AlertChannel } from '../../core/alerts/channel.ts'
import {
  isChannelList,
  isMuteList,
  isQuietHours,
  isRuleList,
  isScheduleMap,
  MAX_NAMED_SCHEDULES,
  type ScheduleAlerts
} from '../../core/alerts/config.ts'
import type { Mute, QuietHours } from '../../core/alerts/hush.ts'
import { type AlertRule, criticalByDefault } from '../../core/alerts/rule.ts'
import { duration, onlyCode, text, whole } from '../kinds/kind.ts'
import { row } from '../row.ts'

const RULES = 'a list of rules, such as ["failed", "stale"]'
const isHttp = (url: string): boolean => /^https?:\/\/\S+$/.test(url) && URL.canParse(url)

/** Who is told what, if something does not run. Give all processes of the books the same. */
export const alerts = {
  /**
   * Where notices go: `webhook()`, `mail()`, `channel()`.
   * @default none, and nothing is judged
   */
  channels: row({
    kind: onlyCode<readonly AlertChannel[]>(
      'a list of what webhook(), mail() and channel() return, each with a name of its own',
      isChannelList
    ),
    defaultIs: 'none, and nothing is judged',
    meaning: 'Where notices go: what webhook(), mail() and channel() return'
  }),
  /**
   * How long after the time at which it may run a job must have begun, 1 s or more.
   * @default 60 s
   */
  startWithin: row({
    kind: duration(1_000),
    default: 60_000,
    meaning: 'How long after the time at which it may run a job must have begun'
  }),
  /**
   * How many runs of a schedule in a row must fail, 1 to 100.
   * @default 1
   */
  failures: row({ kind: whole(1, 100), default: 1, meaning: 'How many runs of a schedule in a row must fail' }),
  /**
   * How many runs in a row must succeed before a schedule no longer counts as failing, 1 to 100.
   * @default 1
   */
  recoveries: row({
    kind: whole(1, 100),
    default: 1,
    meaning: 'How many runs in a row must succeed before a schedule no longer counts as failing'
  }),
  /**
   * How many fire times in a row must be skipped since an earlier job has not finished, 1 to 100.
   * @default 3
   */
  overlaps: row({
    kind: whole(1, 100),
    default: 3,
    meaning: 'How many fire times in a row must be skipped since an earlier job has not finished'
  }),
  /**
   * The longest a run may take.
   * @default not judged
   */
  runsAtMost: row({ kind: duration(1), defaultIs: 'not judged', meaning: 'The longest a run may take' }),
  /**
   * How old the oldest due job of a queue may be, 1 s or more.
   * @default 10 min
   */
  queueAge: row({
    kind: duration(1_000),
    default: 600_000,
    meaning: 'How old the oldest due job of a queue may be'
  }),
  /**
   * How many jobs may wait in a queue. They are counted once a minute.
   * @default not judged
   */
  queueDepth: row({
    kind: whole(1, Number.MAX_SAFE_INTEGER),
    defaultIs: 'not judged',
    meaning: 'How many jobs may wait in a queue; they are counted once a minute'
  }),
  /**
   * What is different for some schedules, by their ids; at most 200. These are looked at in each pass.
   * @default nothing
   */
  schedules: row({
    kind: onlyCode<Readonly<Record<string, ScheduleAlerts>>>(
      `at most ${MAX_NAMED_SCHEDULES} ids of schedules, each with startWithin, successWithin, runsAtMost, runsAtLeast or failures`,
      isScheduleMap
    ),
    defaultIs: 'nothing',
    meaning: 'What is different for some schedules, by their ids'
  }),
  /**
   * Hours in which only critical rules are delivered. One digest at their end has the rest.
   * @default none
   */
  quietHours: row({
    kind: onlyCode<QuietHours>('{ from: "22:00", until: "07:00", timezone: "Europe/Berlin" }', isQuietHours),
    defaultIs: 'none',
    meaning: 'Hours in which only critical rules are delivered'
  }),
  /**
   * Windows in which nothing is told, of one schedule or rule or of all, each with a reason.
   * @default none
   */
  mutes: row({
    kind: onlyCode<readonly Mute[]>('a list of { schedule?, rule?, from?, until, reason }', isMuteList),
    defaultIs: 'none',
    meaning: 'Windows in which nothing is told, each with a reason'
  }),
  /**
   * Rules that are delivered during quiet hours too.
   * @default no-scheduler, not-started, seat-vacant
   */
  critical: row({
    kind: onlyCode<readonly AlertRule[]>(RULES, isRuleList),
    default: criticalByDefault,
    defaultIs: criticalByDefault.join(', '),
    meaning: 'Rules that are delivered during quiet hours too'
  }),
  /**
   * Rules that are not judged.
   * @default none
   */
  without: row({
    kind: onlyCode<readonly AlertRule[]>(RULES, isRuleList),
    default: [],
    defaultIs: 'none',
    meaning: 'Rules that are not judged'
  }),
  /**
   * An address that is called once a minute, by one process that has finished a pass: for a watcher outside.
   * @default `ESCAPEMENT_HEARTBEAT_URL`, else none
   */
  heartbeatUrl: row({
    kind: text('an address such as "https://example.org/ping/1234"', isHttp),
    defaultIs: 'none',
    meaning: 'An address that is called once a minute, by one process that has finished a pass',
    variables: { ESCAPEMENT_HEARTBEAT_URL: { example: '' } },
    isSecret: true
  })
}
