import { errorOf } from '../../core/job/thrown.ts'
import type { AppConfig } from '../../index.ts'
import { appApi } from '../../app/api/api.ts'
import { Escapement } from '../../app/escapement.ts'
import { ownTheEnd } from '../../app/stop-by-signals.ts'
import { exitAfter, stopOfProcess } from '../../app/stop-of-process.ts'
import { HttpServers } from '../../launcher/process/http-servers.ts'
import { requestLimit } from '../../launcher/process/max-requests.ts'
import type { RunAssignment } from '../../launcher/protocol.ts'
import type { OrderlyStop } from '../../launcher/process/orderly-stop.ts'
import type { Supervisor } from '../../launcher/process/supervisor.ts'
import { appModule, loadApp } from '../../launcher/process/web-app.ts'
import { listenOn, makeServer, type ReportError, urlOf } from '../../launcher/process/web-server.ts'
import type { WebApp } from '../../settings/rows/app.ts'
import { loadAppConfig } from '../config-file.ts'
import { listenProblem, ownListenProblem } from './listen-problem.ts'
import { startWhenOpen } from './start-when-open.ts'

/** Takes a position in the topology: runs the plan's roles and its server. Resolves with the URL when it is ready. */
export async function runProcess(supervisor: Supervisor, assignment: RunAssignment): Promise<string> {
  const { options, plan, maxRequests, madeToken } = assignment
  process.title = `escapement ${plan.name}`
  // Before any code of the app is loaded: it may listen at once.
  const servers = new HttpServers(afterRequests(maxRequests, () => supervisor.tell({ type: 'recycle' })))
  // Where the app mounts the API by itself, it takes the same token.
  if (madeToken !== undefined) process.env['SCHEDULER_API_TOKEN'] = madeToken
  const { config, path } = await loadAppConfig(options)
  const { createEscapement } = await import('../../index.ts')
  const escapement = createEscapement(config)
  const { graces } = assignment
  const notice = (text: string): void => console.error(`${plan.name}: ${text}`)
  const stop = stopOfProcess({ graces, notice, servers, escapements: [escapement] })
  ownTheEnd()
  supervisor.onStop(order => {
    if (!stop.isOrdered) void exitAfter(stop)
    stop.order(order)
  })
  try {
    const url = await unlessFaulty(async () => {
      await (config as AppConfig).setup?.(escapement)
      await startWhenOpen(escapement, supervisor, assignment)
      return serve(options.app ?? config.web, { path, assignment, escapement, servers })
    })
    supervisor.tell({ type: 'ready', url })
    return url
  } catch (error) {
    return leaveAfter(ownListenProblem(error, plan.name), stop)
  }
}

/** Ends a failed start in order: the node may have joined the others and claimed jobs by then. */
async function leaveAfter(error: unknown, stop: OrderlyStop): Promise<never> {
  // A stop came meanwhile and caused the failure. The stop ends the process.
  if (stop.isOrdered) return new Promise<never>(() => undefined)
  stop.order({ haste: 'graceful', hasSuccessor: false })
  await stop.over
  throw error
}

/** Rejects also with uncaught exceptions: those of code that an app's module starts as it loads reach no promise. */
async function unlessFaulty<T>(start: () => Promise<T>): Promise<T> {
  const fault = Promise.withResolvers<never>()
  process.on('uncaughtException', fault.reject)
  try {
    return await Promise.race([start(), fault.promise])
  } finally {
    process.off('uncaughtException', fault.reject)
  }
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
  readonly assignment: RunAssignment
  readonly escapement: Escapement
  readonly servers: HttpServers
}

/** Resolves with the URL. */
async function serve(web: WebApp | string | undefined, serving: Serving): Promise<string> {
  const { path, escapement, servers } = serving
  const { plan, listen } = serving.assignment
  // For a module that listens by itself; Node shares the port among all processes of the master.
  process.env['HOST'] = listen.host
  process.env['PORT'] = String(listen.port)
  const module = web === undefined || !listen.servesApp ? undefined : appModule(web, path)
  const app = module === undefined ? (web as WebApp | undefined) : await loadApp(module)
  if (module !== undefined && app === undefined) return urlOf(await servers.listening)
  const report = reporterOf(escapement)
  const api = await appApi(Escapement.insideOf(escapement), plan)
  const server = makeServer({ app: listen.servesApp ? app : undefined, api, report }, listen)
  return listenOn(server, listen).catch((error: unknown) => {
    throw listenProblem(error, plan.name, listen)
  })
}

/** One event, for the app and for the log. */
function reporterOf(escapement: Escapement): ReportError {
  const { events } = Escapement.insideOf(escapement)
  return (cause, request) => events.emit('request.failed', { ...request, error: errorOf(cause) })
}
