import { Client } from 'pg'
import { startPostgres } from '../../tests/services/postgres.ts'
import { TcpProxy } from '../../tests/services/tcp-proxy.ts'
import type { Effect } from '../books.ts'
import { monotonicMs } from '../recorder.ts'
import type { Backend } from './backend.ts'
import type { Product } from './product.ts'

const TABLE =
  'CREATE TABLE chaos_effect (number bigint GENERATED ALWAYS AS IDENTITY, job text NOT NULL, fence bigint NOT NULL)'
const HOSTS = ['chaos-a', 'chaos-b'] as const
const READINGS = 9

/** A PostgreSQL of its own, and two hosts whose connections to it can be cut, each by itself. */
export async function postgresBackend(product: Product): Promise<Backend> {
  // The operating system survives each fault, so that nothing has to reach the disk; what was committed has to be there
  // all the same.
  const server = await startPostgres({ synchronous_commit: 'on' })
  const proxies = new Map<string, TcpProxy>()
  for (const host of HOSTS) proxies.set(host, await TcpProxy.start(server.port))
  const proxyOf = (host: string): TcpProxy => proxies.get(host) as TcpProxy
  await asking(server.url(), client => client.query(TABLE))
  return {
    hosts: HOSTS,
    kinds: ['cut', 'reset', 'restart-database', 'skew', 'depose'],
    urlFor: host => `postgres://postgres@127.0.0.1:${proxyOf(host).port}/postgres`,
    clockOffsetMs: () => asking(server.url(), offsetOf),
    suffer: async ({ kind }, host) => {
      if (kind === 'restart-database') {
        await server.stop('immediate')
        await server.start()
        return async () => undefined
      }
      if (kind === 'reset') proxyOf(host).reset()
      else proxyOf(host).blackhole()
      return async () => proxyOf(host).pass()
    },
    open: () => product.createEscapement({ database: server.url(), logger: false }).store(),
    readEffects: () => asking(server.url(), readEffects),
    close: async () => {
      for (const proxy of proxies.values()) await proxy.stop()
      await server.remove()
    }
  }
}

async function asking<T>(connectionString: string, ask: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return await ask(client)
  } finally {
    await client.end()
  }
}

/** The quickest response is the most exact one. */
async function offsetOf(client: Client): Promise<number> {
  let best = { tripMs: Infinity, offsetMs: 0 }
  for (let reading = 0; reading < READINGS; reading++) {
    const askedAtMs = monotonicMs()
    const { rows } = await client.query<{ ms: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms'
    )
    const answeredAtMs = monotonicMs()
    const tripMs = answeredAtMs - askedAtMs
    if (tripMs < best.tripMs) best = { tripMs, offsetMs: (rows[0]?.ms ?? 0) - (askedAtMs + answeredAtMs) / 2 }
  }
  return best.offsetMs
}

async function readEffects(client: Client): Promise<Effect[]> {
  const { rows } = await client.query<{ job: string; fence: string }>(
    'SELECT job, fence FROM chaos_effect ORDER BY number'
  )
  return rows.map(({ job, fence }) => ({ job, fence: Number(fence) }))
}
