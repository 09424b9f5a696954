import { subscribe } from 'node:diagnostics_channel'
import { Server as HttpServer, type ServerResponse } from 'node:http'
import { Server as HttpsServer } from 'node:https'
import { Server as NetServer } from 'node:net'
import { afterLong } from '../clock/system.ts'

const SWEEP_EVERY_MS = 50

type WebServer = HttpServer | HttpsServer

export interface DrainOptions {
  /** Another process listens already, on the same port. */
  readonly hasSuccessor: boolean
  /** Once it is aborted nothing is waited for any more. */
  readonly hurry: AbortSignal
}

/**
 * All HTTP servers of this process, also those that an app's module makes by itself: Node tells of every one that
 * listens and of every request. So requests are counted, and a drain cuts nothing off, whoever wrote the server.
 */
export class HttpServers {
  readonly #servers = new Set<WebServer>()
  readonly #open = new Set<ServerResponse>()
  readonly #onRequest: () => void
  readonly #listening = Promise.withResolvers<WebServer>()
  #isDraining = false

  constructor(onRequest: () => void) {
    this.#onRequest = onRequest
    subscribe('tracing:net.server.listen:asyncEnd', message => this.#listens((message as { server: unknown }).server))
    subscribe('http.server.request.start', message => this.#begins((message as { response: ServerResponse }).response))
  }

  /** The first that listens. */
  get listening(): Promise<WebServer> {
    return this.#listening.promise
  }

  /**
   * Takes no further connection, and ends when the present ones have. `server.close()` would cut connections that are
   * kept alive, with a request on its way perhaps. With a successor each of them is given one more answer, which says
   * that it is the last, or ends when it has been idle for as long as the server keeps such connections anyway.
   */
  async drain(graceMs: number, { hasSuccessor, hurry }: DrainOptions): Promise<void> {
    this.#isDraining = true
    for (const response of this.#open) endConnectionAfter(response)
    const servers = [...this.#servers]
    const closed = Promise.all(servers.map(server => stopListening(server)))
    const sweep = setInterval(() => closeIdle(servers), SWEEP_EVERY_MS)
    if (hasSuccessor) clearInterval(sweep)
    else closeIdle(servers)
    const cut = (): void => {
      for (const server of servers) server.closeAllConnections()
    }
    const cancelCut = afterLong(graceMs, cut)
    hurry.addEventListener('abort', cut)
    await closed
    clearInterval(sweep)
    cancelCut()
  }

  #listens(server: unknown): void {
    if (!(server instanceof HttpServer || server instanceof HttpsServer)) return
    this.#servers.add(server)
    this.#listening.resolve(server)
    server.once('close', () => this.#servers.delete(server))
  }

  #begins(response: ServerResponse): void {
    this.#open.add(response)
    response.once('close', () => this.#open.delete(response))
    if (this.#isDraining) endConnectionAfter(response)
    this.#onRequest()
  }
}

function endConnectionAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}

/** Not the close of `http.Server`, which closes idle connections too. */
function stopListening(server: WebServer): Promise<void> {
  return new Promise(resolve => NetServer.prototype.close.call(server, () => resolve()))
}

function closeIdle(servers: readonly WebServer[]): void {
  for (const server of servers) server.closeIdleConnections()
}
