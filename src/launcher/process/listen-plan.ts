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
  /** `health`: the health checks alone, since the management API is off. */
  readonly api: 'all' | 'health'
}

export interface Served {
  readonly hasApp: boolean
  readonly api: ApiSettings
  readonly launch: Pick<LaunchSettings, 'host' | 'ports'>
}

/**
 * The app and the management API in front of it are served on the configured address. A process without the app listens
 * on loopback, unless a token is configured: nobody on another host has the one that a start makes.
 */
export function planListening(roles: readonly Role[], { hasApp, api, launch }: Served): ListenPlan {
  const { host, ports } = launch
  const served = api.enabled ? 'all' : 'health'
  if (roles.includes('web') && hasApp)
    return { host, port: ports.web.number, isMovable: false, servesApp: true, api: served }
  const { number, isAsked } = roles.includes('web')
    ? ports.web
    : roles.includes('scheduler')
      ? ports.scheduler
      : ports.worker
  const ownHost = api.token === undefined ? LOOPBACK : host
  return { host: ownHost, port: number, isMovable: !isAsked, servesApp: false, api: served }
}
