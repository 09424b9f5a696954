import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

type Direction = 'to-server' | 'to-client'

/** What one connection through the proxy does with what it is given, at this moment. */
interface Weather {
  isSilent: boolean
  delayMs: number
  /** Of which chunks of clients the answers are lost. */
  isCut: (chunk: Buffer) => boolean
  cuts: number
}

const never = (): boolean => false

/**
 * A TCP server of its own port that stands between clients and another one, and does to them what networks do: passes,
 * delays, falls silent without a word to either end, resets, or loses the answer to a request that was carried out.
 */
export class TcpProxy {
  readonly #server: Server
  readonly #links = new Set<Link>()
  readonly #weather: Weather = { isSilent: false, delayMs: 0, isCut: never, cuts: 0 }

  #targetPort: number

  private constructor(targetPort: number) {
    this.#targetPort = targetPort
    this.#server = createServer({ allowHalfOpen: true }, client => {
      const link = new Link(client, this.#targetPort, this.#weather)
      this.#links.add(link)
      void link.gone.then(() => this.#links.delete(link))
    })
  }

  static async start(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort)
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject)
      proxy.#server.listen(0, '127.0.0.1', resolve)
    })
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get connections(): number {
    return this.#links.size
  }

  /** Resolves when a client has connected anew. */
  async connected(): Promise<void> {
    await once(this.#server, 'connection')
  }

  /** Everything goes through at once, with what was held up. */
  pass(): void {
    this.#weather.isSilent = false
    this.#weather.delayMs = 0
    this.#weather.isCut = never
    for (const link of this.#links) link.resume()
  }

  /** Everything goes through so much later. */
  delay(ms: number): void {
    this.pass()
    this.#weather.delayMs = ms
  }

  /** Nothing goes through, not even the end of a connection; new ones are accepted and hear nothing. */
  blackhole(): void {
    this.#weather.isSilent = true
    for (const link of this.#links) link.pause()
  }

  /** Every connection is reset, at both ends. New ones are made as before. */
  reset(): void {
    for (const link of this.#links) link.reset()
  }

  /** From now on another server answers at this port, as after a failover. */
  retarget(port: number): void {
    this.#targetPort = port
    this.reset()
  }

  /**
   * What a client says that is sought reaches the server; what the server answers to it does not come back: the
   * connection is reset in its place. So the server has done what it was asked, and the client can't know.
   */
  cutAnswersTo(isSought: (chunk: Buffer) => boolean): void {
    this.#weather.isCut = isSought
  }

  /** How many answers were cut. */
  get cuts(): number {
    return this.#weather.cuts
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    this.reset()
    await closed
  }
}

/** libuv refuses to reset what is being shut down; Node would keep it half closed, and never end (`uv_tcp_close_reset`). */
function resetOrDestroy(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

/** One connection of a client, and the one to the server that answers to it. */
class Link {
  readonly #gone = Promise.withResolvers<void>()
  readonly #client: Socket
  readonly #targetPort: number
  readonly #weather: Weather
  #server: Socket | undefined
  #isAnswerCut = false
  /** What came while nothing was to go through. */
  #held: (() => void)[] = []

  constructor(client: Socket, targetPort: number, weather: Weather) {
    this.#client = client
    this.#targetPort = targetPort
    this.#weather = weather
    client.pause()
    client.on('error', () => this.#later(() => this.reset()))
    client.on('close', () => {
      if (this.#server === undefined) this.#gone.resolve()
    })
    if (!weather.isSilent) this.resume()
  }

  /** Resolves when both of its ends are closed. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  pause(): void {
    this.#client.pause()
    this.#server?.pause()
  }

  resume(): void {
    if (this.#server === undefined && this.#client.destroyed) return
    this.#server ??= this.#connect()
    for (const act of this.#held.splice(0)) act()
    this.#client.resume()
    this.#server.resume()
  }

  reset(): void {
    resetOrDestroy(this.#client)
    if (this.#server !== undefined) resetOrDestroy(this.#server)
  }

  #connect(): Socket {
    const server = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true })
    server.on('error', () => this.#later(() => this.reset()))
    this.#client.setNoDelay(true)
    server.setNoDelay(true)
    this.#client.on('data', chunk => this.#carry(chunk, 'to-server'))
    server.on('data', chunk => this.#carry(chunk, 'to-client'))
    this.#client.on('end', () => this.#later(() => server.end()))
    server.on('end', () => this.#later(() => this.#client.end()))
    this.#client.on('close', () => this.#later(() => server.destroy()))
    server.on('close', () =>
      this.#later(() => {
        this.#client.destroy()
        this.#gone.resolve()
      })
    )
    return server
  }

  #carry(chunk: Buffer, direction: Direction): void {
    if (direction === 'to-client' && this.#isAnswerCut) {
      this.#weather.cuts++
      return this.reset()
    }
    if (direction === 'to-server' && this.#weather.isCut(chunk)) this.#isAnswerCut = true
    const to = direction === 'to-server' ? this.#server : this.#client
    this.#later(() => to?.write(chunk))
  }

  #later(act: () => void): void {
    const { isSilent, delayMs } = this.#weather
    // A paused socket still tells of its end, and of what it had read before.
    if (isSilent) this.#held.push(act)
    else if (delayMs === 0) act()
    else setTimeout(act, delayMs)
  }
}
