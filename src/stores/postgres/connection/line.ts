import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Address } from './address.ts'
import type { Driver } from './driver.ts'
import { Sockets } from './sockets.ts'

export interface LineOptions {
  readonly driver: Driver
  readonly address: Address
  readonly channel: string
  /** For connecting and for each query. */
  readonly timeoutMs: number
  readonly pingEveryMs: number
}

export interface LineUse {
  /** It listens now. Earlier writes may not have been heard. */
  readonly onListening: () => void
  readonly onWake: (payload: string | undefined) => void
  readonly signal: AbortSignal
}

const CLOSE_GRACE_MS = 500

/** Listens on one connection until it is lost, stops responding, or the signal aborts. Never rejects. */
export async function listenOn(options: LineOptions, { onListening, onWake, signal }: LineUse): Promise<void> {
  const sockets = new Sockets()
  const client = new options.driver.Client({
    fallback_application_name: 'escapement',
    ...options.address.config,
    connectionTimeoutMillis: options.timeoutMs,
    query_timeout: options.timeoutMs,
    keepAlive: true,
    stream: sockets.create
  })
  const lost = new AbortController()
  client.on('error', () => lost.abort())
  client.on('end', () => lost.abort())
  client.on('notification', ({ payload }) => onWake(payload))
  const cut = (): void => sockets.destroy()
  signal.addEventListener('abort', cut)
  try {
    await client.connect()
    // What a frozen process does not read stays in the server's only notification queue; when that is full, commits
    // fail.
    await client.query(`SET tcp_user_timeout = ${options.timeoutMs}; LISTEN "${options.channel}"`)
    ;(client as Client & { unref(): void }).unref()
    signal.removeEventListener('abort', cut)
    const either = AbortSignal.any([signal, lost.signal])
    if (!(await hears(client, options.channel))) return
    onListening()
    do await sleep(options.pingEveryMs, undefined, { ref: false, signal: either })
    while (await hears(client, options.channel))
  } catch {
    // Any error means that the line is down.
  } finally {
    signal.removeEventListener('abort', cut)
    client.end().catch(() => undefined)
    await sockets.closed(CLOSE_GRACE_MS)
  }
}

/** Checks the connection itself: behind a pooler, another session responds, which does not listen. */
async function hears(client: Client, channel: string): Promise<boolean> {
  const query = 'SELECT 1 FROM pg_listening_channels() AS channel WHERE channel = $1'
  return (await client.query(query, [channel])).rows.length > 0
}
