import { systemClock } from '../clock/system.ts'
import { errorOf } from '../core/job/thrown.ts'
import type { ProcessFacts } from '../http/process-facts.ts'
import type { Emitter } from '../runtime/events/emitter.ts'
import { newId } from '../new-id.ts'
import { host } from '../runtime/process-facts.ts'
import type { Settings } from '../settings/settings.ts'
import { packageVersion } from '../version.ts'
import type { Caller } from './calls/caller.ts'

export interface ApiGround {
  readonly settings: Pick<Settings, 'name' | 'roles' | 'api'>
  readonly caller: Pick<Caller, 'use' | 'operateOn'>
  readonly events: Emitter
}

/** The management API of one Escapement, loaded at its first request. By default it names the process after the app. */
export async function appApi(
  { settings, caller, events }: ApiGround,
  { name = settings.name, roles = settings.roles }: Partial<Pick<ProcessFacts, 'name' | 'roles'>> = {}
): Promise<(request: Request) => Promise<Response>> {
  const { managementApi } = await import('../http/api.ts')
  const { api } = settings
  return managementApi({
    use: caller.use,
    operate: caller.operateOn,
    clock: systemClock,
    process: { name, pid: process.pid, host, roles, version: packageVersion },
    token: api.token,
    newId,
    serves: api.enabled ? 'all' : 'health',
    report: (error, request) => events.emit('request.failed', { ...request, error: errorOf(error) })
  })
}
