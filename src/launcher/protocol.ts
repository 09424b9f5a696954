import type { LaunchAsked } from '../settings/launch.ts'
import type { SettingRow } from '../settings/printed/origins.ts'
import type { Role } from '../settings/kinds/roles.ts'
import type { Asked } from '../settings/row.ts'
import type { app } from '../settings/rows/app.ts'
import type { Topology } from '../settings/kinds/topologies.ts'
import type { ExitCode } from './exit-codes.ts'
import type { ListenPlan } from './process/listen-plan.ts'
import type { ProcessPlan } from './master/plan.ts'
import type { StopOrder } from './stop-order.ts'
import type { Graces } from './stop-signals.ts'

/** The part of the command line that a process needs to load the app as its master was asked to. */
export interface AppOptions extends LaunchAsked, Asked<typeof app> {
  readonly config?: string
  /** The web app's module. */
  readonly app?: string
}

/** To take a position in the topology. */
export interface RunAssignment {
  readonly kind: 'run'
  readonly options: AppOptions
  readonly plan: ProcessPlan
  readonly listen: ListenPlan
  /** 0: no limit. */
  readonly maxRequests: number
  readonly graces: Graces
  /** Whether to wait for books that can't be opened yet, instead of failing. */
  readonly waitsForBooks: boolean
  /** The token that the master has made; undefined: one is configured, or none could be made. */
  readonly madeToken: string | undefined
}

/** What a process has to do: inspect the config, or take a position. */
export type Assignment = { readonly kind: 'inspect'; readonly options: AppOptions } | RunAssignment

export type ToProcess =
  | { readonly type: 'assign'; readonly assignment: Assignment }
  | ({ readonly type: 'stop' } & StopOrder)

/** Why a process could not take its position. */
export interface StartFailure {
  readonly status: ExitCode
  readonly code: string
  readonly message: string
}

export type ToMaster =
  | { readonly type: 'hello' }
  | { readonly type: 'inspected'; readonly inspection: Inspection }
  /** `url`: where it listens. */
  | { readonly type: 'ready'; readonly url: string | undefined }
  /** It waits for books that may still come; its time limit for becoming ready pauses. Null: the books are open. */
  | { readonly type: 'waits'; readonly reason: string | null }
  | { readonly type: 'failed'; readonly failure: StartFailure }
  /** It has reached its request limit. */
  | { readonly type: 'recycle' }

/** What the config and the environment mean, as JSON. */
export interface Inspection {
  readonly config: string | undefined
  /** Without a password. */
  readonly database: string
  /** The most connections that each process opens to the database's server. Null: there is no server. */
  readonly connectionsEach: number | null
  readonly topology: Topology
  readonly topologyFrom: string
  readonly roles: readonly Role[]
  readonly rolesFrom: string
  readonly tasks: readonly string[]
  readonly schedules: readonly string[]
  readonly processes: readonly (ProcessPlan & { readonly listen: ListenPlan })[]
  readonly settings: readonly SettingRow[]
  readonly graces: Graces
  readonly maxRestarts: number
  readonly isProduction: boolean
  readonly runDirectory: string
  /** The management API is on, and no token is configured for it. */
  readonly needsToken: boolean
}
