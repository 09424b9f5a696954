import { Socket } from 'node:net'

/**
 * The sockets of a pool or of a connection. You can wait for them to close, and force it when the other side is silent.
 */
export class Sockets {
  readonly #open = new Set<Socket>()

  /** For the `stream` option of `pg`. */
  readonly create = (): Socket => {
    const socket = new Socket()
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
    return socket
  }

  /** Resolves when all are closed. After `graceMs` the rest is cut off. */
  async closed(graceMs: number): Promise<void> {
    const cut = setTimeout(() => this.destroy(), graceMs)
    await Promise.all(Array.from(this.#open, socket => new Promise(resolve => socket.once('close', resolve))))
    clearTimeout(cut)
  }

  destroy(): void {
    for (const socket of this.#open) socket.destroy()
  }
}
