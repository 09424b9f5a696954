import { boolean, choice, duration, text } from '../kinds/kind.ts'
import { row } from '../row.ts'
import { seatBackends } from '../kinds/seat-backends.ts'

const MIN_SEAT_TTL_MS = 300
const A_THIRD = '5s, or a third of the TTL where that is less'

export const lease = {
  /**
   * How long a node may be silent before it counts as lost.
   * @default 15 s
   */
  ttl: row({ kind: duration(3), default: 15_000, meaning: 'How long a node may be silent before it counts as lost' }),
  /**
   * How often a node renews its lease: at most a third of `ttl`.
   * @default 5 s, or a third of `ttl` where that is less
   */
  renewEvery: row({
    kind: duration(1),
    defaultIs: A_THIRD,
    meaning: 'How often a node renews its lease; at most a third of lease.ttl'
  })
}

/** How a seat's holder is decided. */
export const coordination = {
  /**
   * What decides who holds a seat.
   * @default `ESCAPEMENT_COORDINATION`, else `file` with books in SQLite and `store` with others
   */
  backend: row({
    kind: choice(...seatBackends),
    defaultIs: 'file with books in SQLite, store with others',
    meaning: 'What decides who holds a seat',
    variables: { ESCAPEMENT_COORDINATION: { example: 'file' } }
  }),
  /**
   * `file`: the lock file of the seat "primary", on a local disk; those of other seats lie next to it.
   * @default `LOCK_PATH`, else next to the file of the books, with ".lock" added to its name
   */
  lockPath: row({
    kind: text('the path of a file', path => path !== ''),
    defaultIs: 'next to the file of the books',
    meaning: 'The lock file of the seat "primary", on a local disk',
    variables: { LOCK_PATH: { example: '/run/escapement/primary.lock' } }
  }),
  /**
   * `file`: allow a lock file on a network disk, where two hosts may both get the lock.
   * @default false
   */
  allowNetworkDisk: row({
    kind: boolean,
    default: false,
    meaning: 'Allow a lock file on a network disk, where two hosts may both get the lock'
  }),
  /**
   * `redis`: the server, `redis://` or `rediss://`.
   * @default `REDIS_URL`
   */
  redisUrl: row({
    kind: text('a text such as "redis://127.0.0.1:6379"'),
    meaning: 'The Redis server that decides who holds a seat',
    variables: { REDIS_URL: { example: 'redis://127.0.0.1:6379' } },
    isSecret: true
  }),
  /**
   * `redis`: allow a server that may drop the lock when its memory is full.
   * @default false
   */
  allowEviction: row({
    kind: boolean,
    default: false,
    meaning: 'Allow a Redis server that may drop the lock when its memory is full'
  }),
  /**
   * `store`, `redis`: how long a holder may be silent before another takes over; at least 300 ms.
   * @default 15 s
   */
  ttl: row({
    kind: duration(MIN_SEAT_TTL_MS),
    default: 15_000,
    meaning: 'How long the holder of a seat may be silent before another takes over (store, redis)'
  }),
  /**
   * How often the holder of a seat renews it: at most a third of `ttl`.
   * @default 5 s, or a third of `ttl` where that is less
   */
  renewEvery: row({
    kind: duration(1),
    defaultIs: A_THIRD,
    meaning: 'How often the holder of a seat renews it; at most a third of coordination.ttl'
  })
}
