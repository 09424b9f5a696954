import { type Check, note, problem } from './finding.ts'

export const lockUsable: Check = ({ seats }) => {
  const lock = seats?.lock
  if (lock?.problem === undefined) return []
  return [
    problem('lock-unusable', {
      what: `The lock ${lock.path} cannot be held: ${lock.problem}`,
      why: 'Nobody can take a seat: what only the primary does is not done.',
      mend: `LOCK_PATH=/run/escapement/primary.lock, in a folder that the app may write to`
    })
  ]
}

export const lockOnLocalDisk: Check = ({ seats }) => {
  const lock = seats?.lock
  if (lock === undefined || !lock.isNetwork) return []
  return [
    problem('lock-on-network', {
      what: `The lock ${lock.path} lies on a network file system (${lock.fileSystem}).`,
      why: 'Locks of such a file system may be local to each host, so that two hosts hold the seat at once.',
      mend: 'LOCK_PATH=/run/escapement/primary.lock; with several hosts ESCAPEMENT_COORDINATION=store'
    })
  ]
}

export const seatsTaken: Check = ({ seats, topology }) => {
  const vacant = (seats?.seats ?? []).filter(({ holder }) => holder === undefined)
  const isMissing = topology === 'primary' && seats !== undefined && seats.seats.length === 0
  if (vacant.length === 0 && !isMissing) return []
  return [
    problem('seat-vacant', {
      what: `Nobody holds the seat ${isMissing ? '"primary"' : vacant.map(({ seat }) => `"${seat}"`).join(', ')}.`,
      why: 'What only its holder does is not done.',
      mend: 'escapement start --topology primary'
    })
  ]
}

export const redisKeepsLocks: Check = ({ redis }) => {
  if (redis === undefined || redis.evictionPolicy === 'noeviction') return []
  return [
    problem('redis-evicts', {
      what: `Redis may throw keys away when its memory is full (maxmemory-policy ${redis.evictionPolicy}).`,
      why: 'A lock that is evicted lets a second holder in. Firing stays safe, since the ledger decides; singletons do not.',
      mend: 'redis-cli CONFIG SET maxmemory-policy noeviction'
    })
  ]
}

/** A file lock is freed by the kernel when its holder dies; one that is frozen keeps it. */
export const frozenHolderKnown: Check = ({ seats, nodes, now, leaseTtlMs }) => {
  if (seats?.backend !== 'file') return []
  return seats.seats.flatMap(({ seat, holder }) => {
    const node = nodes.find(({ pid, host }) => holder === `${host}:${pid}`)
    if (node === undefined || node.phase !== 'alive' || node.renewedAt >= now - leaseTtlMs) return []
    return [
      note('holder-frozen', {
        what: `The holder of the seat "${seat}", ${holder}, is silent, and keeps its lock.`,
        why: 'A lock on a file is freed when its holder dies, not when it stands still.',
        mend: `kill -CONT ${node.pid}; or kill -9 ${node.pid}, and another takes over`
      })
    ]
  })
}
