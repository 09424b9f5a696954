import type { Clock } from '../clock/clock.ts'
import type { Logger } from '../core/job/handler.ts'
import type { Role } from '../settings/kinds/roles.ts'
import type { Settings } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'
import type { Brought } from './schedules/declared.ts'
import type { Emitter } from './events/emitter.ts'

/** The settings that a node and its parts use. */
export type NodeSettings = Brought & Pick<Settings, 'worker' | 'lease' | 'retention' | 'abortGraceMs' | 'rolesFrom'>

export interface NodeOptions {
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly settings: NodeSettings
  /** What handlers log with; undefined: nothing. */
  readonly logger?: Logger | false | undefined
  readonly roles: readonly Role[]
  /** In [0, 1). */
  readonly random: () => number
  readonly newId: () => string
  /** Of Escapement itself. */
  readonly version: string
  /** Whether this scheduler is the one to decide fire times; by default it always is. Others stand by. */
  readonly mayDecide?: (() => boolean) | undefined
}
