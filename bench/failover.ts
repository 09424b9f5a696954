import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EscapementConfig } from '../src/index.ts'
import { atMost, type Bar, median } from './bar.ts'
import { type End, Relay } from './failover/relay.ts'
import { withAddresses } from './postgres/servers.ts'
import type { Run } from './run.ts'

const MIN_ROUNDS = 20
/** Shorter than the default, so that the rounds take minutes and not hours; the bound moves with it. */
const TTL_MS = 1_500
/** From the death of a holder: a lease has to run out, and is looked at now and then. */
const LEASE_BOUND_MS = TTL_MS + 1_000
const LOCK_BOUND_MS = 100
const GRACEFUL_BOUND_MS = 250

interface Contest {
  readonly name: string
  readonly config: EscapementConfig
  readonly killedBoundMs: number
}

/**
 * How long a seat is vacant: after kill -9 of its holder, and after a graceful stop. The worst of the rounds counts.
 */
export async function failoverBars(run: Run): Promise<Bar[]> {
  const rounds = run.isQuick ? 1 : Math.max(MIN_ROUNDS, run.rounds)
  const servers = await run.servers.start()
  const folder = mkdtempSync(join(tmpdir(), 'escapement-failover-'))
  try {
    return await withAddresses(servers, async ({ postgres, redis }) => {
      const bars: Bar[] = []
      for (const contest of contests({ folder, postgres, redis }))
        bars.push(...(await barsOf(contest, { ...run, rounds })))
      return bars
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const contests = (at: { folder: string; postgres: string; redis: string }): Contest[] => {
  const books = (name: string): string => `sqlite:${join(at.folder, `${name}.db`)}`
  const ttl = `TTL ${TTL_MS} ms`
  const leased = { killedBoundMs: LEASE_BOUND_MS }
  return [
    { name: 'file, books in SQLite', config: { database: books('file') }, killedBoundMs: LOCK_BOUND_MS },
    {
      name: `store, ${ttl}, books in SQLite`,
      config: { database: books('store'), coordination: { backend: 'store', ttl: TTL_MS } },
      ...leased
    },
    {
      name: `store, ${ttl}, books in PostgreSQL`,
      config: { database: at.postgres, coordination: { backend: 'store', ttl: TTL_MS } },
      ...leased
    },
    {
      name: `redis, ${ttl}, books in SQLite`,
      config: { database: books('redis'), coordination: { backend: 'redis', redisUrl: at.redis, ttl: TTL_MS } },
      ...leased
    }
  ]
}

async function barsOf({ name, config, killedBoundMs }: Contest, { rounds, tell }: Run): Promise<Bar[]> {
  const relay = new Relay(config)
  try {
    await relay.start()
    const measured = async (end: End): Promise<number[]> => {
      const times: number[] = []
      while (times.length < rounds) {
        tell(`${name}: ${end} ${times.length + 1} of ${rounds}`)
        times.push(await relay.handOver(end))
      }
      return times
    }
    return [
      barOf(`take-over after kill -9 (${name})`, await measured('SIGKILL'), killedBoundMs),
      barOf(`take-over after a graceful stop (${name})`, await measured('SIGTERM'), GRACEFUL_BOUND_MS)
    ]
  } finally {
    relay.end()
  }
}

const barOf = (name: string, times: readonly number[], boundMs: number): Bar =>
  atMost(boundMs, {
    name: `${name}, worst of ${times.length}`,
    value: Math.max(...times),
    unit: 'ms',
    against: 'the median of them',
    reference: median(times)
  })
