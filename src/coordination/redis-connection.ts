import type { Clock } from '../clock/clock.ts'
import { EscapementError, isEscapementError } from '../core/errors.ts'
import { loadPeer } from '../peers/optional-peer.ts'

/** The part of the client `redis` that seats need. */
export interface RedisClient {
  connect(): Promise<unknown>
  get(key: string): Promise<string | null>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  info(section: string): Promise<string>
  destroy(): void
  on(event: 'error', listener: (error: Error) => void): unknown
}

export interface RedisConnectionOptions {
  readonly url: string
  /** Whether to use a server that may drop keys when its memory is full. */
  readonly allowEviction: boolean
  readonly clock: Clock
  /** How long to wait for a response or a connection. */
  readonly patienceMs: number
}

/**
 * One connection to a Redis server, made when it is needed. Any fault ends it. The next call connects again and checks
 * the server again, which may have restarted with other settings.
 */
export class RedisConnection {
  readonly #options: RedisConnectionOptions
  #client: Promise<RedisClient> | undefined

  constructor(options: RedisConnectionOptions) {
    this.#options = options
  }

  /** @throws EscapementError `seat-unavailable` if the server does not respond, `seat-refused` if it may drop keys. */
  async run<T>(use: (client: RedisClient) => Promise<T>): Promise<T> {
    const connecting = (this.#client ??= this.#connect())
    try {
      const client = await connecting
      return await this.#inTime(use(client))
    } catch (error) {
      if (this.#client === connecting) this.close()
      throw isEscapementError(error) ? error : unavailable(this.#options.url, error)
    }
  }

  close(): void {
    this.#client?.then(end, () => undefined)
    this.#client = undefined
  }

  async #connect(): Promise<RedisClient> {
    const client = await createClient(this.#options)
    try {
      await this.#inTime(client.connect())
      if (!this.#options.allowEviction) refuseEviction(await this.#inTime(client.info('memory')))
      return client
    } catch (error) {
      end(client)
      throw error
    }
  }

  async #inTime<T>(answer: Promise<T>): Promise<T> {
    const { clock, patienceMs } = this.#options
    const patience = new AbortController()
    const late = clock.sleep(patienceMs, patience.signal).then(() => {
      throw new Error(`no answer for ${patienceMs} ms`)
    })
    late.catch(() => undefined)
    answer.catch(() => undefined)
    try {
      return await Promise.race([answer, late])
    } finally {
      patience.abort()
    }
  }
}

/** A server may come back, a missing package does not: without it no process starts. */
const loadRedis = (): Promise<typeof import('redis')> =>
  loadPeer({
    name: 'redis',
    purpose: 'Seats by Redis',
    code: 'config-invalid',
    otherwise: ', or set "coordination.backend" to another one'
  })

async function createClient({ url, patienceMs }: RedisConnectionOptions): Promise<RedisClient> {
  const redis = await loadRedis()
  // The caller connects again, and backs off.
  const socket = { connectTimeout: patienceMs, reconnectStrategy: false } as const
  const client = redis.createClient({ url, socket, disableOfflineQueue: true })
  // The call that waits reports it. Without a listener it would end the process.
  client.on('error', () => undefined)
  return client
}

function refuseEviction(info: string): void {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'unknown'
  if (policy === 'noeviction') return
  throw new EscapementError(
    'seat-refused',
    `The Redis server's maxmemory-policy is "${policy}": when its memory is full it may drop the lock of a seat, and a second process would get ` +
      'it. Set it to "noeviction", or allow it with "coordination.allowEviction".'
  )
}

/** `destroy` throws if the client has no connection any more. */
function end(client: RedisClient): void {
  try {
    client.destroy()
  } catch {
    // There was nothing to end.
  }
}

/** Names the address without its password. */
function unavailable(url: string, cause: unknown): EscapementError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new EscapementError(
    'seat-unavailable',
    `The Redis server at ${URL.parse(url)?.host ?? 'the given address'} could not be used: ${reason}.`,
    { cause }
  )
}
