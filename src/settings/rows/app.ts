import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAppLogger } from '../../core/app-logger.ts'
import type { Schedule } from '../../core/schedule/declare.ts'
import type { AppLogger } from '../../core/job/handler.ts'
import { isName, NAME_TAKES } from '../../core/options/names.ts'
import { orphanPolicies } from '../../core/schedule/orphans.ts'
import { NAMELESS } from '../../core/schedule/owners.ts'
import type { AnyTask } from '../../core/job/task.ts'
import { parseBoolean } from '../kinds/texts.ts'
import { choice, duration, onlyCode, text, whole } from '../kinds/kind.ts'
import { roleList, roles, SERVING } from '../kinds/roles.ts'
import { asked, row } from '../row.ts'
import { topologies } from '../kinds/topologies.ts'

/**
 * A `(request, response)` handler (Express, Koa's callback), or anything with a fetch handler (Hono, a fetch-style
 * app).
 */
export type WebApp =
  | ((request: IncomingMessage, response: ServerResponse) => unknown)
  | { fetch(request: Request, environment: object): Response | Promise<Response> }

const isString = (value: unknown): value is string => typeof value === 'string'
const isFunction = (value: unknown): boolean => typeof value === 'function'
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isTask = (value: unknown): boolean => isObject(value) && isFunction(value['handler']) && isString(value['name'])
const isSchedule = (value: unknown): boolean => isObject(value) && isFunction(value['define']) && isString(value['id'])
const isLogger = (value: unknown): boolean => value === false || isAppLogger(value)
const isWeb = (value: unknown): boolean =>
  (isString(value) && value !== '') || isFunction(value) || (isObject(value) && isFunction(value['fetch']))

/** The settings that are in no group. Editors show the comment of a row. */
export const app = {
  /**
   * The app's name among others on the same books. It owns the schedules of this app.
   * @default "default", which has no orphans
   */
  name: row({
    kind: text(NAME_TAKES, isName),
    default: NAMELESS,
    meaning:
      'The name of the app among others on the same books; it owns the schedules of the app, and the default has no orphans'
  }),
  /**
   * `sqlite:path`, `postgres://…`, `pglite:path` or `memory:`.
   * @default `ESCAPEMENT_DATABASE_URL`, else `DATABASE_URL`, else `sqlite:escapement.db`
   */
  database: asked(
    '--database <url>',
    row({
      kind: text('a text such as "sqlite:escapement.db", "postgres://…", "pglite:data" or "memory:"'),
      default: 'sqlite:escapement.db',
      meaning: 'Where the books are: sqlite:path, sqlite:///absolute/path, postgres://…, pglite:path, or memory:',
      variables: {
        ESCAPEMENT_DATABASE_URL: { example: 'sqlite:escapement.db' },
        DATABASE_URL: { example: 'sqlite:escapement.db', meaning: 'The same, when ESCAPEMENT_DATABASE_URL is not set' }
      }
    })
  ),
  /**
   * The tasks that this process runs. The tasks of its schedules need not be listed.
   * @default none
   */
  tasks: row({
    kind: onlyCode<readonly AnyTask[]>(
      'a list of what task() returns',
      value => Array.isArray(value) && value.every(isTask)
    ),
    meaning: 'The tasks of the app; the tasks of its schedules need not be listed'
  }),
  /**
   * What the app wants done, and when.
   * @default none
   */
  schedules: row({
    kind: onlyCode<readonly Schedule[]>(
      'a list of what schedule() returns',
      value => Array.isArray(value) && value.every(isSchedule)
    ),
    meaning: 'What the app wants done, and when'
  }),
  /**
   * What this process does. A value in code takes precedence over every environment variable.
   * @default all roles that the topology gives the process
   */
  roles: asked(
    '--roles <list>',
    row({
      kind: roleList,
      defaultIs: 'all roles that the topology gives the process',
      meaning: 'Which roles of the topology run here: a list of web, scheduler, worker',
      variables: {
        ESCAPEMENT_ROLES: { example: 'web,scheduler,worker' },
        ENABLE_SCHEDULER: {
          example: 'true',
          meaning:
            'false: only serve requests here, schedules and jobs run elsewhere (ESCAPEMENT_ROLES takes precedence)',
          fromText: (written, variable) => (parseBoolean(written, variable) ? roles : SERVING)
        }
      }
    })
  ),
  /**
   * How `escapement start` spreads the work over processes.
   * @default `ESCAPEMENT_TOPOLOGY`, else `single`
   */
  topology: asked(
    '--topology <name>',
    row({
      kind: choice(...topologies),
      default: 'single',
      meaning: 'How the work is spread over processes',
      variables: { ESCAPEMENT_TOPOLOGY: { example: 'single' } }
    })
  ),
  /**
   * What the web processes of `escapement start` serve: a handler, or the path of a module (from the config's folder)
   * that exports one by default, or that listens on `PORT` by itself.
   * @default the management API only
   */
  web: row({
    kind: onlyCode<WebApp | string>(
      'a (request, response) handler, an object with a fetch handler, or the path of a module',
      isWeb
    ),
    defaultIs: 'the management API only',
    meaning: 'What the web processes of "escapement start" serve',
    concerns: ['web']
  }),
  /**
   * `escapement start` calls it in each of its processes before the process starts; see `AppConfig`.
   * @default none
   */
  setup: row({
    kind: onlyCode<(escapement: never) => unknown>('a function', isFunction),
    meaning: 'What "escapement start" calls in each of its processes before the process starts, with its Escapement'
  }),
  /**
   * Orders deployments: a lower release never overwrites the schedules of a higher one.
   * @default `ESCAPEMENT_RELEASE`, else 0
   */
  release: row({
    kind: whole(0, Number.MAX_SAFE_INTEGER),
    default: 0,
    meaning: 'A number that rises with each deployment: a lower release never overwrites the schedules of a higher one',
    variables: { ESCAPEMENT_RELEASE: { example: '0' } }
  }),
  /**
   * What happens to a schedule that the app's code no longer names, once no live process has named it for 10 minutes.
   * `keep`: it is shown and still fires; `pause`; `remove`. A pause or removal ends as soon as a live
   * process names it. An app without a `name` has no orphans.
   * @default 'keep'
   */
  orphans: row({
    kind: choice(...orphanPolicies),
    default: 'keep',
    meaning: 'What happens to a schedule that no live process of the app has named for 10 minutes',
    concerns: ['scheduler']
  }),
  /**
   * How long `stop()` waits for handlers before their signals are aborted.
   * @default 10 s
   */
  shutdownGrace: asked(
    '--grace <duration>',
    row({
      kind: duration(),
      default: 10_000,
      meaning: 'How long requests and handlers may take to end before their signals are aborted'
    })
  ),
  /**
   * How long an aborted handler may take to end before the process stops waiting for it.
   * @default 5 s
   */
  abortGrace: row({
    kind: duration(),
    default: 5_000,
    meaning: 'How long an aborted handler may take to end before the process stops waiting for it',
    concerns: ['worker']
  }),
  /**
   * pino, a console, winston or a similar logger; `false`: none.
   * @default JSON lines on standard error, or on `ESCAPEMENT_LOG_STREAM`, at level `ESCAPEMENT_LOG_LEVEL`, else `info`
   */
  logger: row({
    kind: onlyCode<AppLogger | false>(
      'false, or an object with the functions debug, info, warn and error, or some of them',
      isLogger
    ),
    defaultIs: 'JSON lines to log.stream',
    meaning: 'pino, a console, winston or a similar logger; false: none'
  })
}
