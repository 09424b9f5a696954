import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * The unfinished responses, and the latest one of each connection. When connections are to end, only the latest says
 * so: with pipelined requests, an earlier response that said so would cut off those behind it.
 */
export class LastAnswers {
  readonly #open = new Set<ServerResponse>()
  readonly #latest = new WeakMap<Socket, ServerResponse>()
  #areLast = false

  begins(socket: Socket, response: ServerResponse): void {
    const before = this.#latest.get(socket)
    this.#latest.set(socket, response)
    this.#open.add(response)
    response.once('close', () => this.#open.delete(response))
    if (!this.#areLast) return
    if (before !== undefined && this.#open.has(before)) keepConnectionAfter(before)
    endConnectionAfter(response)
  }

  /** Whether connections are to end. */
  set areLast(areLast: boolean) {
    this.#areLast = areLast
    if (!areLast) return
    for (const response of this.#open)
      if (this.#latest.get(response.req.socket) === response) endConnectionAfter(response)
  }
}

function endConnectionAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}

function keepConnectionAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'keep-alive')
}
