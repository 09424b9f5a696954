import { systemClock } from '../../clock/system.ts'
import { errorOf } from '../../core/job/thrown.ts'
import type { Settings } from '../../settings/settings.ts'
import type { ProcessFacts } from '../../http/process-facts.ts'
import { newId } from '../../new-id.ts'
import { host } from '../../runtime/process-facts.ts'
import { packageVersion } from '../../version.ts'
import type { ApiGround } from './ground.ts'

/** The management API of one Escapement, loaded at its first request. By default it names the process after the app. */
export async function appApi(
  ground: ApiGround,
  as: Partial<Pick<ProcessFacts, 'name' | 'roles'>> = {}
): Promise<(request: Request) => Promise<Response>> {
  const { managementApi } = await import('../../http/api.ts')
  const { successWithinOf } = await import('../../runtime/alerts/ground.ts')
  const { apiWritesOf } = await import('./writes.ts')
  const { settings, caller, events } = ground
  const { name = settings.name, roles = settings.roles } = as
  const { api } = settings
  return managementApi({
    use: caller.use,
    operate: caller.operateOn,
    writes: apiWritesOf(ground),
    clock: systemClock,
    process: { name, pid: process.pid, host, roles, version: packageVersion },
    redis: await redisOf(settings.coordination),
    token: api.token,
    newId,
    successWithin: successWithinOf(settings.alerts),
    serves: api.enabled ? 'all' : 'health',
    report: (error, request) => events.emit('request.failed', { ...request, error: errorOf(error) })
  })
}

async function redisOf(coordination: Settings['coordination']): Promise<() => Promise<boolean | null>> {
  if (coordination.backend !== 'redis') return () => Promise.resolve(null)
  const { redisProbe } = await import('../../coordination/redis-probe.ts')
  return redisProbe(coordination.redisUrl, systemClock)
}
