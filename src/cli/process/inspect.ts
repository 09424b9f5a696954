import { planListening } from '../../launcher/process/listen-plan.ts'
import { planProcesses } from '../../launcher/master/plan.ts'
import type { AppOptions, Inspection } from '../../launcher/protocol.ts'
import { appModule } from '../../launcher/process/web-app.ts'
import { resolveLaunch } from '../../settings/launch.ts'
import { mostConnections } from '../../settings/database-address.ts'
import { settingRows } from '../../settings/printed/origins.ts'
import { type Role, roles as allRoles } from '../../settings/kinds/roles.ts'
import type { Settings } from '../../settings/settings.ts'
import { databaseUrl } from '../books/books.ts'
import { loadAppConfig } from '../config-file.ts'

/** Reads config and environment, and resolves with what a start would run. Opens and starts nothing. */
export async function inspect(options: AppOptions): Promise<Inspection> {
  const { config, path, settings, dotEnv } = await loadAppConfig(options)
  const launch = resolveLaunch(settings, process.env, options)
  const web = options.app ?? config.web
  if (web !== undefined) appModule(web, path)
  const carried = carriedRoles(settings)
  const served = { hasApp: web !== undefined, api: settings.api, launch }
  const processes = planProcesses(launch, carried).map(plan => ({ ...plan, listen: planListening(plan.roles, served) }))
  const database = databaseUrl(settings.database)
  return {
    config: path,
    database,
    connectionsEach: mostConnections(settings.database) ?? null,
    topology: settings.topology,
    topologyFrom: options.topology === undefined ? settings.topologyFrom : '--topology',
    roles: carried,
    rolesFrom: options.roles === undefined ? settings.rolesFrom : '--roles',
    tasks: settings.tasks.map(({ name }) => name),
    schedules: settings.schedules.map(({ id }) => id),
    processes,
    settings: settingRows({
      config,
      settings,
      roles: carried,
      launch,
      asked: options,
      env: process.env,
      dotEnv,
      database
    }),
    graces: { shutdownGraceMs: settings.shutdownGraceMs, abortGraceMs: settings.abortGraceMs },
    maxRestarts: launch.maxRestarts,
    isProduction: launch.isProduction,
    runDirectory: launch.runDirectory,
    needsToken: settings.api.enabled && settings.api.token === undefined
  }
}

/** The roles that may run here: all, unless some were chosen. */
function carriedRoles({ roles, rolesFrom }: Settings): readonly Role[] {
  return rolesFrom === 'topology' || rolesFrom === 'default' ? allRoles : roles
}
