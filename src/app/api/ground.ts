import type { Emitter } from '../../runtime/events/emitter.ts'
import type { Settings } from '../../settings/settings.ts'
import type { Caller } from '../calls/caller.ts'

/** What of an Escapement its management API is made of. */
export interface ApiGround {
  readonly settings: Pick<Settings, 'name' | 'roles' | 'alerts' | 'api' | 'coordination' | 'tasks' | 'defaults'>
  readonly caller: Caller
  readonly events: Emitter
}
