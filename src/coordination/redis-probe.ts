import type { Clock } from '../clock/clock.ts'
import { RedisConnection } from './redis-connection.ts'

const PATIENCE_MS = 1_000

/** Whether a Redis server responds. Anyone may ask for health, so those who ask within a second share one look. */
export function redisProbe(url: string, clock: Clock): () => Promise<boolean> {
  let [latest, lookedAt] = [Promise.resolve(false), Number.NEGATIVE_INFINITY]
  return () => {
    const now = clock.monotonic()
    if (now - lookedAt >= PATIENCE_MS) [latest, lookedAt] = [responds(url, clock), now]
    return latest
  }
}

async function responds(url: string, clock: Clock): Promise<boolean> {
  const connection = new RedisConnection({ url, allowEviction: true, clock, patienceMs: PATIENCE_MS })
  try {
    await connection.run(client => client.info('server'))
    return true
  } catch {
    return false
  } finally {
    connection.close()
  }
}
