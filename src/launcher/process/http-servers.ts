import { subscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, Server as HttpServer, type ServerResponse } from 'node:http'
import { Server as HttpsServer } from 'node:https'
import { Server as NetServer, type Socket } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system.ts'
import { LastAnswers } from './last-answers.ts'
import { within } from '../within.ts'

const SWEEP_EVERY_MS = 50
/** A connection on which nothing was ever asked, a browser's in advance for one, is given so long to ask. */
const SILENCE_MS = 1_000
/** So long destroyed sockets may take to be gone. */
const CLOSE_MS = 250

type WebServer = HttpServer | HttpsServer

export interface DrainOptions {
  /** Another process listens already, on the same port. */
  readonly hasSuccessor: boolean
  /** Once it is aborted nothing is waited for any more. */
  readonly hurry: AbortSignal
}

/**
 * All HTTP servers of this process, also those that an app's module makes by itself: Node tells of every one that
 * listens, of every socket and of every request. So requests are counted, and a drain cuts nothing off before its time,
 * whoever wrote the server.
 */
export class HttpServers {
  readonly #servers = new Set<WebServer>()
  /** Also those that no HTTP server knows any more: upgraded ones, and tunnels. */
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
   * Takes no further connection, and ends when the present ones have, or when what is left of them was destroyed after
   * the grace: sockets of every kind. `server.close()` would cut connections that are kept alive, with a request on its
   * way perhaps. With a successor each of them is given one more answer, which says that it is the last, or ends when it
   * has been idle for as long as the server keeps such connections anyway.
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

  /** Nobody takes the position of this process any more: while it drains, idle connections end at once. */
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
    if (!(server instanceof HttpServer || server instanceof HttpsServer)) return
    // One that was just about to when the process was told to end.
    if (this.#isDraining) return void stopListening(server)
    this.#servers.add(server)
    this.#listening.resolve(server)
    server.once('close', () => this.#servers.delete(server))
  }

  #connects(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }
}

/** Not the close of `http.Server`, which closes idle connections too. */
function stopListening(server: WebServer): Promise<void> {
  return new Promise(resolve => NetServer.prototype.close.call(server, () => resolve()))
}

function closeIdle(servers: Iterable<WebServer>): void {
  for (const server of servers) server.closeIdleConnections()
}
