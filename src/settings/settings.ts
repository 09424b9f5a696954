import type { Schedule, ScheduleDefaults } from '../core/schedule/declare.ts'
import type { Logger } from '../core/job/handler.ts'
import type { AnyTask } from '../core/job/task.ts'
import type { DatabaseAddress } from '../stores/store-kinds.ts'
import type { CoordinationSettings } from './coordination.ts'
import type { RenewalTimes } from './renewal-times.ts'
import type { Role } from './kinds/roles.ts'
import type { ValuesOf, ConfigOf } from './row.ts'
import type { alerts } from './rows/alerts.ts'
import type { app } from './rows/app.ts'
import type { postgres, retention, sqlite } from './rows/books.ts'
import type { coordination, lease } from './rows/holding.ts'
import type { defaults } from './rows/schedules.ts'
import type { api, log } from './rows/surroundings.ts'
import type { worker } from './rows/worker.ts'

/** What an app passes to `createEscapement` or exports from `escapement.config.ts`. All of it is optional. */
export interface EscapementConfig extends ConfigOf<typeof app> {
  /** What applies to schedules that don't say otherwise. */
  readonly defaults?: ConfigOf<typeof defaults>
  /** How many jobs this process runs, and of which queues. */
  readonly worker?: ConfigOf<typeof worker>
  /** When a process that is silent counts as lost. */
  readonly lease?: ConfigOf<typeof lease>
  /** How a seat's holder is decided. */
  readonly coordination?: ConfigOf<typeof coordination>
  /** How long what is over is kept. */
  readonly retention?: ConfigOf<typeof retention>
  /** What applies to books in SQLite. */
  readonly sqlite?: ConfigOf<typeof sqlite>
  /** What applies to books in PostgreSQL. */
  readonly postgres?: ConfigOf<typeof postgres>
  /** Who is told what, if something does not run. Give all processes of the books the same. */
  readonly alerts?: ConfigOf<typeof alerts>
}

/** The management API. */
export type ApiSettings = ValuesOf<typeof api>

/** Who is told what, and from when on. */
export type AlertSettings = ValuesOf<typeof alerts>

/** Rows that are made into something else. */
type Remade = 'database' | 'tasks' | 'schedules' | 'roles' | 'web' | 'setup' | 'logger'

/**
 * A configuration with the environment applied, every default filled in, and every duration in milliseconds.
 *
 * @experimental
 */
export interface Settings extends Omit<ValuesOf<typeof app>, Remade> {
  readonly database: DatabaseAddress
  readonly tasks: readonly AnyTask[]
  readonly schedules: readonly Schedule[]
  readonly roles: readonly Role[]
  /** Where the roles come from, in words: "code", "ESCAPEMENT_ROLES", "ENABLE_SCHEDULER", "topology", "default". */
  readonly rolesFrom: string
  /** "code", "ESCAPEMENT_TOPOLOGY" or "default". */
  readonly topologyFrom: string
  readonly logger: Logger | false | undefined
  readonly defaults: ScheduleDefaults
  readonly worker: ValuesOf<typeof worker>
  readonly lease: RenewalTimes
  readonly coordination: CoordinationSettings
  readonly retention: ValuesOf<typeof retention>
  readonly sqlite: ValuesOf<typeof sqlite>
  readonly alerts: AlertSettings
  readonly api: ApiSettings
  readonly log: ValuesOf<typeof log>
}
