import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ScheduleDefaults, Schedule } from '../core/declare.ts'
import type { OrphanPolicy } from '../core/orphans.ts'
import type { AppLogger, Logger } from '../core/handler.ts'
import type { AnyTask } from '../core/task.ts'
import type { DatabaseAddress } from '../stores/store-kinds.ts'
import type { CoordinationConfig, CoordinationSettings } from './coordination.ts'

/** `web` only enqueues and reads; `scheduler` decides fire times; `worker` runs jobs. */
export const roles = ['web', 'scheduler', 'worker'] as const
export type Role = (typeof roles)[number]

/**
 * How the work is spread over processes. `single`: one does everything. `everywhere`: each web process schedules and
 * works. `primary`: each web process works, an elected one schedules. `dedicated`: web processes only serve, one
 * scheduler process does the rest. `fleet`: web, scheduler and worker processes of many hosts.
 */
export const topologies = ['single', 'everywhere', 'primary', 'dedicated', 'fleet'] as const
export type Topology = (typeof topologies)[number]

/** How often a worker may be asked to look for jobs. */
export const SHORTEST_LOOK_MS = 10
export const SHORTEST_AGING_MS = 1_000
export const LONGEST_LOOK_MS = 3_600_000

/** A `(request, response)` handler (Express, Koa's callback), or anything with a fetch handler (Hono, a fetch-style app). */
export type WebApp =
  | ((request: IncomingMessage, response: ServerResponse) => unknown)
  | { fetch(request: Request, environment: object): Response | Promise<Response> }

/** What an app hands to `createEscapement` or exports from `escapement.config.ts`. All of it is optional. */
export interface EscapementConfig {
  /** The app's name among others on the same books, whose schedules it owns; default "default", which knows no orphans. */
  readonly name?: string
  /** `sqlite:path`, `postgres://…` or `memory:`; default: `ESCAPEMENT_DATABASE_URL`, else `DATABASE_URL`, else `sqlite:escapement.db`. */
  readonly database?: string
  readonly tasks?: readonly AnyTask[]
  readonly schedules?: readonly Schedule[]
  /** What this process does; in code they go before every environment variable. */
  readonly roles?: readonly Role[]
  /** How `escapement start` spreads the work over processes; default `ESCAPEMENT_TOPOLOGY`, else `single`. */
  readonly topology?: Topology
  /**
   * What the web processes of `escapement start` serve: a handler, or the path of a module (from the config's folder)
   * that exports one by default, or that listens on `PORT` by itself. Default: the management API only.
   */
  readonly web?: WebApp | string
  /** What `escapement start` calls in each of its processes before that starts; see `AppConfig`. */
  readonly setup?: (escapement: never) => unknown
  /** Orders deployments: a lower release never overwrites the schedules of a higher one. Default `ESCAPEMENT_RELEASE`, else 0. */
  readonly release?: number
  /**
   * What becomes of a schedule that the app's code no longer names, once no live process has named it for 10 minutes:
   * `keep` (default): it is shown, and fires on; `pause`; `remove`. Both end as soon as a live process
   * names it. An app without a `name` has no orphans, and nothing is done.
   */
  readonly orphans?: 'keep' | 'pause' | 'remove'
  /** What schedules fall back on that don't say it themselves. */
  readonly defaults?: {
    /** IANA name; default UTC. */
    readonly timezone?: string
    /** Default: no limit. */
    readonly misfireGraceTime?: number | string
    readonly coalesce?: 'latest' | 'earliest' | 'all'
    readonly maxInstances?: number
  }
  readonly worker?: {
    /** Jobs that run at the same time in this process; default 10. */
    readonly concurrency?: number
    /** Queues that this process works, each with its own concurrency; default: every queue, sharing `concurrency`. */
    readonly queues?: Readonly<Record<string, number>>
    /** How often to look for jobs when nothing wakes the worker; 10 ms to 1 h, default `WORKER_INTERVAL`, else 1 s. */
    readonly interval?: number | string
    /**
     * How long a job waits until it counts as one priority more urgent, 1 s or more. Default: never, so that a job may wait for ever
     * behind more urgent ones. The same for all workers that share queues.
     */
    readonly priorityAging?: number | string
  }
  readonly lease?: {
    /** How long a node may be silent until it is lost; default 15 s. */
    readonly ttl?: number | string
    /** At most a third of `ttl`; default 5 s. */
    readonly renewEvery?: number | string
  }
  /** How it is decided who holds a seat. */
  readonly coordination?: CoordinationConfig
  /** How long `stop()` waits for handlers before their signals are aborted; default 10 s. */
  readonly shutdownGrace?: number | string
  /** How long an aborted handler may take to end until it is left behind; default 5 s. */
  readonly abortGrace?: number | string
  readonly retention?: {
    /** Ledger rows; default 90 days. */
    readonly ledger?: number | string
    /** Cancelled and discarded jobs; default 30 days. */
    readonly unsuccessful?: number | string
  }
  readonly sqlite?: {
    /** `normal` (default) survives `kill -9`, `full` a power cut too. */
    readonly synchronous?: 'normal' | 'full'
  }
  readonly postgres?: {
    /** Where the books are kept in the database; default `ESCAPEMENT_DATABASE_SCHEMA`, else `escapement`. */
    readonly schema?: string
    /** Connections of this process at the most, 3 or more; one more listens. Default 5. */
    readonly poolSize?: number
    /** The database's address past a pooler such as PgBouncer: through one the writes of others are not heard, only found by looking. */
    readonly listenUrl?: string
  }
  /**
   * pino, a console, winston or any logger like one of them; `false`: none. Default: JSON lines on standard error, or where
   * `ESCAPEMENT_LOG_STREAM` says, at level `ESCAPEMENT_LOG_LEVEL`, else `info`.
   */
  readonly logger?: AppLogger | false
}

/** The management API. */
export interface ApiSettings {
  readonly enabled: boolean
  /** What callers have to present; undefined: nothing, and it listens on loopback only. */
  readonly token: string | undefined
}

/** A configuration with the environment applied, every default filled in, and every duration in milliseconds. */
export interface Settings {
  readonly name: string
  readonly database: DatabaseAddress
  readonly tasks: readonly AnyTask[]
  readonly schedules: readonly Schedule[]
  readonly roles: readonly Role[]
  /** What the roles follow from, in words: "code", "ESCAPEMENT_ROLES", "ENABLE_SCHEDULER", "topology", "default". */
  readonly rolesFrom: string
  readonly topology: Topology
  /** "code", "ESCAPEMENT_TOPOLOGY" or "default". */
  readonly topologyFrom: string
  readonly api: ApiSettings
  readonly release: number
  readonly orphans: OrphanPolicy
  readonly defaults: ScheduleDefaults
  readonly concurrency: number
  readonly queues: Readonly<Record<string, number>> | undefined
  /** How often a worker looks for jobs when nothing wakes it. */
  readonly lookEveryMs: number
  /** After so much waiting a job counts as one priority more urgent; undefined: never. */
  readonly priorityAgingMs: number | undefined
  readonly leaseTtlMs: number
  readonly renewEveryMs: number
  readonly coordination: CoordinationSettings
  readonly shutdownGraceMs: number
  readonly abortGraceMs: number
  readonly ledgerRetentionMs: number
  readonly unsuccessfulRetentionMs: number
  readonly synchronous: 'normal' | 'full'
  readonly logger: Logger | false | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly logStream: 'stderr' | 'stdout'
}
