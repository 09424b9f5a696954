import { Socket } from 'node:net'

/** The sockets of a pool or of a connection: its end can be waited for, and forced where the other side is silent. */
export class Sockets {
  readonly #open = new Set<Socket>()

  /** As `pg` takes it for its `stream`. */
  readonly create = (): Socket => {
    const socket = new Socket()
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
    return socket
  }

  /** Resolves when all are closed, at the latest after `graceMs`, when what is left is cut off. */
  async closed(graceMs: number): Promise<void> {
    const cut = setTimeout(() => this.destroy(), graceMs)
    await Promise.all(Array.from(this.#open, socket => new Promise(resolve => socket.once('close', resolve))))
    clearTimeout(cut)
  }

  destroy(): void {
    for (const socket of this.#open) socket.destroy()
  }
}
