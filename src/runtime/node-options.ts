import type { Clock } from '../clock/clock.ts'
import type { Logger } from '../core/job/handler.ts'
import type { Role } from '../settings/kinds/roles.ts'
import type { Settings } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'
import type { Brought } from './schedules/declared.ts'
import type { Emitter } from './events/emitter.ts'

/** The settings that a node and its parts use. */
export type NodeSettings = Brought &
  Pick<Settings, 'alerts' | 'worker' | 'lease' | 'retention' | 'abortGraceMs' | 'rolesFrom'>

export interface NodeOptions {
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly settings: NodeSettings
  /** The logger of handlers. Undefined: they log nothing. */
  readonly logger?: Logger | false | undefined
  readonly roles: readonly Role[]
  /** In [0, 1). */
  readonly random: () => number
  readonly newId: () => string
  /** The version of Escapement. */
  readonly version: string
  /** Whether this scheduler decides fire times, or stands by. @default always decides */
  readonly mayDecide?: (() => boolean) | undefined
}
