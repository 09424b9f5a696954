import { systemClock } from '../clock/system.ts'
import { errorOf } from '../core/job/thrown.ts'
import type { Emitter } from '../runtime/events/emitter.ts'
import { host } from '../runtime/process-facts.ts'
import type { Settings } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'
import { packageVersion } from '../version.ts'

export interface ApiGround {
  readonly settings: Pick<Settings, 'name' | 'roles' | 'api'>
  readonly store: () => Promise<Store>
  readonly events: Emitter
}

/** The management API of one Escapement, loaded at its first request. */
export async function appApi({ settings, store, events }: ApiGround): Promise<(request: Request) => Promise<Response>> {
  const [{ managementApi }, { byToken }] = await Promise.all([import('../http/api.ts'), import('../http/access.ts')])
  const { name, roles, api } = settings
  return managementApi({
    store,
    clock: systemClock,
    process: () => ({ name, pid: process.pid, host, roles, version: packageVersion }),
    identify: api.token === undefined ? undefined : byToken(api.token),
    serves: api.enabled ? 'all' : 'health',
    report: (error, request) => events.emit('request.failed', { ...request, error: errorOf(error) })
  })
}
