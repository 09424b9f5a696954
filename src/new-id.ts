import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const BYTES_OF_AN_ID = 16
/** Random bytes are fetched for 256 ids at a time: fetched one by one, they are most of what an id costs. */
const pool = new Uint8Array(256 * BYTES_OF_AN_ID)
const parts = Array.from({ length: 256 }, (_, index) =>
  pool.subarray(index * BYTES_OF_AN_ID, (index + 1) * BYTES_OF_AN_ID)
)
const MAX_SEQUENCE = 0xffff_ffff

let used = parts.length
let last = { msecs: Number.NEGATIVE_INFINITY, seq: 0 }

/** Returns a UUID of version 7 (RFC 9562). Within a process ids only grow, even if its wall clock is set back. */
export function newId(): string {
  const random = nextBytes()
  const msecs = Date.now()
  if (msecs > last.msecs) last = { msecs, seq: beginOf(random) }
  else if (last.seq < MAX_SEQUENCE) last = { msecs: last.msecs, seq: last.seq + 1 }
  else last = { msecs: last.msecs + 1, seq: beginOf(random) }
  return v7({ msecs: last.msecs, seq: last.seq, random })
}

function nextBytes(): Uint8Array {
  if (used === parts.length) {
    randomFillSync(pool)
    used = 0
  }
  return parts[used++]!
}

/**
 * A random number in the lower half of the range, so that there is room to count. Uses the bytes that `seq` replaces.
 */
const beginOf = (random: Uint8Array): number =>
  ((random[6]! & 0x7f) << 24) | (random[7]! << 16) | (random[8]! << 8) | random[9]!
