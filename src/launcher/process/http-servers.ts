import { subscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, Server as HttpServer, type ServerResponse } from 'node:http'
import { Server as HttpsServer } from 'node:https'
import { Server as NetServer, type Socket } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system.ts'
import { LastAnswers } from './last-answers.ts'
import { within } from '../within.ts'

const SWEEP_EVERY_MS = 50
/** How long a connection that never sent a byte, such as a browser's preconnect, may stay. */
const SILENCE_MS = 1_000
/** How long destroyed sockets may take to close. */
const CLOSE_MS = 250

type WebServer = HttpServer | HttpsServer

export interface DrainOptions {
  /** Another process listens already, on the same port. */
  readonly hasSuccessor: boolean
  /** Abort it to cut what is still open. */
  readonly hurry: AbortSignal
}

/**
 * All HTTP servers of this process, including those that an app's module creates. Node's diagnostics channels report
 * every server that listens, every socket and every request. So requests are counted and drains cut nothing off too
 * early, without help from the app. A server that listened before is known from its first connection on.
 */
export class HttpServers {
  readonly #servers = new Set<WebServer>()
  /** Includes those that no HTTP server knows any more: upgraded connections and tunnels. */
  readonly #sockets = new Set<Socket>()
  readonly #answers = new LastAnswers()
  readonly #onRequest: () => void
  readonly #clock: Clock
  readonly #listening = Promise.withResolvers<WebServer>()
  #isDraining = false
  #isClosingIdle = false
  #sweep: NodeJS.Timeout | undefined

  constructor(onRequest: () => void, clock: Clock = systemClock) {
    this.#onRequest = onRequest
    this.#clock = clock
    subscribe('tracing:net.server.listen:asyncEnd', message => this.#listens((message as { server: unknown }).server))
    subscribe('net.server.socket', message => this.#connects((message as { socket: Socket }).socket))
    subscribe('http.server.request.start', message => {
      const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
      this.#answers.begins(request.socket, response)
      this.#onRequest()
    })
  }

  /** The first that listens. */
  get listening(): Promise<WebServer> {
    return this.#listening.promise
  }

  /**
   * Accepts no more connections. Resolves when the open ones have ended; after the grace it destroys the rest, sockets
   * of every kind. It avoids `server.close()`, which would cut keep-alive connections, perhaps with a request on its
   * way. With a successor, each of these gets one more response, marked as the last, or ends after the server's own
   * keep-alive time-out.
   */
  async drain(graceMs: number, { hasSuccessor, hurry }: DrainOptions): Promise<void> {
    this.#isDraining = true
    this.#answers.areLast = true
    const closed = Promise.all([...this.#servers].map(server => stopListening(server)))
    if (!hasSuccessor) this.closeIdle()
    await within(this.#clock, graceMs, closed, hurry)
    clearInterval(this.#sweep)
    for (const socket of this.#sockets) socket.destroy()
    await within(this.#clock, CLOSE_MS, closed)
    this.#isDraining = false
    this.#answers.areLast = false
  }

  /** No process takes over this position any more: while it drains, idle connections end at once. */
  closeIdle(): void {
    if (this.#isClosingIdle) return
    this.#isClosingIdle = true
    closeIdle(this.#servers)
    this.#sweep = setInterval(() => closeIdle(this.#servers), SWEEP_EVERY_MS)
    this.#clock.after(SILENCE_MS, () => {
      for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy()
    })
  }

  #listens(server: unknown): void {
    if (!(server instanceof HttpServer || server instanceof HttpsServer) || this.#servers.has(server)) return
    // It began to listen while the process was draining.
    if (this.#isDraining) return void stopListening(server)
    this.#servers.add(server)
    this.#listening.resolve(server)
    server.once('close', () => this.#servers.delete(server))
  }

  #connects(socket: Socket): void {
    this.#listens((socket as Socket & { readonly server?: unknown }).server)
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }
}

/** Not the `close` of `http.Server`, which also closes idle connections. */
function stopListening(server: WebServer): Promise<void> {
  return new Promise(resolve => NetServer.prototype.close.call(server, () => resolve()))
}

function closeIdle(servers: Iterable<WebServer>): void {
  for (const server of servers) server.closeIdleConnections()
}
