import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pass } from 'node:timers/promises'

const ASK_EVERY_MS = 500
/** A server ends what has been idle for 5 s: on a machine that stood still for so long that is nobody's fault. */
const IDLE_MS = 4_000

/**
 * A client that keeps its connection alive and asks now and then, mostly idle. A server may end the connection, if the
 * answer before said that it was the last; otherwise a request may just have been on its way, and the connection was cut.
 */
export class KeptAlive {
  readonly #port: number
  #isOver = false
  answers = 0
  /** Connections that were ended as HTTP has it. */
  ended = 0
  cut = 0

  constructor(url: string) {
    this.#port = Number(new URL(url).port)
  }

  /** Asks until `end()` is called. */
  async ask(): Promise<void> {
    while (!this.#isOver) {
      const socket = connect(this.#port, '127.0.0.1').setEncoding('utf8')
      let isLast = false
      let answeredAt = performance.now()
      socket.on('error', () => undefined)
      while (!this.#isOver && !socket.closed && !isLast) {
        isLast = await this.#answerOn(socket)
        if (!socket.closed) answeredAt = performance.now()
        await Promise.race([pass(ASK_EVERY_MS), once(socket, 'close')])
      }
      if (isLast) this.ended++
      else if (!this.#isOver && performance.now() - answeredAt < IDLE_MS) this.cut++
      socket.destroy()
    }
  }

  end(): void {
    this.#isOver = true
  }

  /** Whether the answer says that it is the last. */
  async #answerOn(socket: Socket): Promise<boolean> {
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    const closed = once(socket, 'close').then(() => undefined)
    let heard = ''
    while (!isWhole(heard)) {
      const piece = await Promise.race([once(socket, 'data'), closed])
      if (piece === undefined) return false
      heard += String(piece[0])
    }
    this.answers++
    return /^connection: close\r$/im.test(heard)
  }
}

/** The page is told with its length. */
function isWhole(heard: string): boolean {
  const [head = '', body] = heard.split('\r\n\r\n')
  return body !== undefined && body.length >= Number(/^content-length: (\d+)\r?$/im.exec(head)?.[1])
}
