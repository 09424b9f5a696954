import { isLoopback } from '../../http/access.ts'
import type { LaunchSettings } from '../../settings/launch.ts'
import type { Role } from '../../settings/kinds/roles.ts'
import type { ApiSettings } from '../../settings/settings.ts'

const LOOPBACK = '127.0.0.1'

/** Where a process listens, and for what. */
export interface ListenPlan {
  readonly host: string
  readonly port: number
  /** The port was not configured: if it is taken, any free one is used. */
  readonly isMovable: boolean
  readonly servesApp: boolean
  /** `health`: only the health paths, since callers are not authenticated. */
  readonly api: 'all' | 'health' | 'none'
}

export interface Served {
  readonly hasApp: boolean
  readonly api: ApiSettings
  readonly launch: Pick<LaunchSettings, 'host' | 'ports'>
}

/**
 * The app is served on the configured address. The management API is served on loopback only, unless it requires a
 * token.
 */
export function planListening(roles: readonly Role[], { hasApp, api, launch }: Served): ListenPlan | undefined {
  const { host, ports } = launch
  const isPrivate = api.token !== undefined || isLoopback(host)
  if (roles.includes('web') && hasApp) {
    const served = !api.enabled ? 'none' : isPrivate ? 'all' : 'health'
    return { host, port: ports.web.number, isMovable: false, servesApp: true, api: served }
  }
  if (!api.enabled) return undefined
  const { number, isAsked } = roles.includes('web')
    ? ports.web
    : roles.includes('scheduler')
      ? ports.scheduler
      : ports.worker
  return { host: isPrivate ? host : LOOPBACK, port: number, isMovable: !isAsked, servesApp: false, api: 'all' }
}
