import { hostname } from 'node:os'
import { systemClock } from '../clock/system.ts'
import type { AppConfig, Escapement } from '../index.ts'
import { managementApi } from '../http/api.ts'
import { exitCodes } from '../launcher/exit-codes.ts'
import { HttpServers } from '../launcher/http-servers.ts'
import type { ListenPlan } from '../launcher/listen-plan.ts'
import { requestLimit } from '../launcher/max-requests.ts'
import type { RunAssignment } from '../launcher/protocol.ts'
import { graceOf } from '../launcher/stop-signals.ts'
import type { StopOrder } from '../launcher/stop-order.ts'
import type { Superior } from '../launcher/superior.ts'
import { appModule, loadApp } from '../launcher/web-app.ts'
import { listenOn, makeServer, urlOf } from '../launcher/web-server.ts'
import { stopEveryNode } from '../runtime/running.ts'
import type { WebApp } from '../settings/settings.ts'
import { packageVersion } from '../version.ts'
import { loadAppConfig } from './config-file.ts'
import { Refused } from './failures.ts'

/** Takes a place in the topology: the roles of the plan, and its server. Resolves when it is ready, with where it listens. */
export async function runProcess(superior: Superior, assignment: RunAssignment): Promise<string | undefined> {
  const { options, plan, listen, maxRequests } = assignment
  process.title = `escapement ${plan.name}`
  const { config, path } = await loadAppConfig(options)
  const { createEscapement } = await import('../index.ts')
  const escapement = createEscapement(config)
  const servers = new HttpServers(afterRequests(maxRequests, () => superior.tell({ type: 'recycle' })))
  superior.onStop(stopper(assignment, escapement, servers))
  await (config as AppConfig).setup?.(escapement)
  await escapement.start({ roles: plan.roles })
  const url =
    listen === undefined
      ? undefined
      : await serve(listen, options.app ?? config.web, { path, plan, escapement, servers })
  superior.tell({ type: 'ready', url })
  return url
}

function afterRequests(most: number, act: () => void): () => void {
  let left = most === 0 ? Infinity : requestLimit(most, Math.random())
  return () => {
    left -= 1
    if (left === 0) act()
  }
}

interface Serving {
  readonly path: string | undefined
  readonly plan: RunAssignment['plan']
  readonly escapement: Escapement
  readonly servers: HttpServers
}

async function serve(listen: ListenPlan, web: WebApp | string | undefined, serving: Serving): Promise<string> {
  const { path, plan, escapement, servers } = serving
  // For a module that listens by itself; Node shares the port among all processes of the master.
  process.env['HOST'] = listen.host
  process.env['PORT'] = String(listen.port)
  const module = web === undefined || !listen.servesApp ? undefined : appModule(web, path)
  const app = module === undefined ? (web as WebApp | undefined) : await loadApp(module)
  if (module !== undefined && app === undefined) return urlOf(await servers.listening)
  const report = (error: unknown): void => console.error(error)
  const facts = { name: plan.name, pid: process.pid, host: hostname(), roles: plan.roles, version: packageVersion() }
  const { token } = escapement.settings.api
  const api = managementApi({
    store: () => escapement.store(),
    clock: systemClock,
    process: () => facts,
    token,
    report
  })
  const server = makeServer({ app: listen.servesApp ? app : undefined, api, report }, listen)
  return listenOn(server, listen).catch((error: NodeJS.ErrnoException) => {
    throw cannotListen(error, plan.name, listen)
  })
}

function cannotListen(error: NodeJS.ErrnoException, name: string, { host, port }: ListenPlan): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'it is taken by another program',
    EACCES: 'this user may not have it',
    EADDRNOTAVAIL: 'this host has no such address'
  }
  const reason = reasons[error.code ?? '']
  if (reason === undefined) return error
  const message = `${name} cannot listen on ${host}:${port}: ${reason}.`
  return new Refused({ status: exitCodes.addressTaken, code: 'address-taken', message })
}

/** Ends in order: requests first, since they may still enqueue; then jobs; both within one grace. */
function stopper(
  { graces, plan }: RunAssignment,
  escapement: Escapement,
  servers: HttpServers
): (order: StopOrder) => void {
  const hurry = new AbortController()
  let isStopping = false
  const stop = async ({ haste, hasSuccessor }: StopOrder): Promise<void> => {
    const beganAt = performance.now()
    const graceMs = graceOf(haste, graces)
    const restMs = (): number => (hurry.signal.aborted ? 0 : Math.max(0, graceMs - (performance.now() - beganAt)))
    await servers.drain(graceMs, { hasSuccessor, hurry: hurry.signal })
    await escapement.stop({ graceMs: restMs() })
    await stopEveryNode(restMs())
    await letAppEnd(restMs())
  }
  return order => {
    if (isStopping) {
      hurry.abort()
      void escapement.stop()
      return
    }
    isStopping = true
    void stop(order).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`${plan.name} did not stop in order:`, error)
        process.exit(1)
      }
    )
  }
}

/** What the app itself wants to do before it ends is done as under any process manager; a promise is waited for. */
async function letAppEnd(graceMs: number): Promise<void> {
  const [, ...others] = process.listeners('SIGTERM')
  const ended = Promise.allSettled(others.map(async listener => (listener as (signal: string) => unknown)('SIGTERM')))
  if (others.length > 0) await Promise.race([ended, systemClock.sleep(graceMs)])
}
