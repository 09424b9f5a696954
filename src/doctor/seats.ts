import type { SeatHolder } from '../store/seats.ts'
import type { SeatFacts } from './facts.ts'
import { type Check, type Finding, note, problem } from './finding.ts'
import { isAlive } from '../store/nodes.ts'

type Refused = Omit<Finding, 'severity' | 'what'>

const refusals: Readonly<Record<`${SeatFacts['backend']} ${'seat-refused' | 'seat-unavailable'}`, Refused>> = {
  'file seat-refused': {
    check: 'lock-on-network',
    why: 'On such a disk each host may see its own locks only, so that two hosts hold the seat at once.',
    fix: 'LOCK_PATH=/run/escapement/primary.lock; with several hosts ESCAPEMENT_COORDINATION=store'
  },
  'file seat-unavailable': {
    check: 'lock-unusable',
    why: 'Nobody can take a seat: what only the primary does is not done.',
    fix: 'LOCK_PATH=/run/escapement/primary.lock, in a folder that the app may write to'
  },
  'redis seat-refused': {
    check: 'redis-evicts',
    why: 'A lock that Redis throws away lets a second holder in. Firing stays safe, since the ledger decides; singletons do not.',
    fix: 'redis-cli CONFIG SET maxmemory-policy noeviction'
  },
  'redis seat-unavailable': {
    check: 'redis-unreachable',
    why: 'Nobody can take a seat: what only the primary does is not done.',
    fix: 'REDIS_URL=redis://…; redis-cli -u $REDIS_URL ping'
  },
  'store seat-refused': { check: 'seats-refused', why: 'Nobody can take a seat.', fix: 'escapement migrate' },
  'store seat-unavailable': { check: 'seats-unavailable', why: 'Nobody can take a seat.', fix: 'escapement migrate' }
}

export const seatsCanBeHeld: Check = ({ seats }) => {
  if (seats?.refusal === undefined) return []
  const { check, why, fix } = refusals[`${seats.backend} ${seats.refusal.code}`]
  return [problem(check, { what: seats.refusal.message, why, fix })]
}

/** Only if a scheduler lives: schedulers are the candidates for the seat. */
export const seatsTaken: Check = ({ seats, topology, nodes }) => {
  if (seats === undefined || !nodes.some(node => isAlive(node) && node.roles.includes('scheduler'))) return []
  const vacant = seats.seats.filter(({ holder }) => holder === undefined).map(({ seat }) => seat)
  if (topology === 'primary' && !seats.seats.some(({ seat }) => seat === 'primary')) vacant.push('primary')
  if (vacant.length === 0) return []
  return [
    problem('seat-vacant', {
      what: `Nobody holds the seat ${vacant.map(seat => `"${seat}"`).join(', ')}.`,
      why: 'What only its holder does is not done.',
      fix: 'escapement start --topology primary; then the log of a process for what keeps it from being elected'
    })
  ]
}

/** The holder in the books may be dead. Another process then takes the seat over, if there is a candidate. */
export const holdersLive: Check = facts => {
  const { seats, nodes, now, leaseTtlMs } = facts
  return (seats?.seats ?? []).flatMap(({ seat, holder, term }) => {
    const node = holder && nodes.find(each => isSame(each, holder))
    if (node === undefined || !isAlive(node) || node.renewedAt >= now - leaseTtlMs) return []
    return [
      note('holder-silent', {
        what: `The holder of the seat "${seat}" (term ${term}), ${node.host}:${node.pid}, is silent.`,
        why: 'A lock on a file is freed when its holder dies, not when it freezes: a frozen holder keeps the seat.',
        fix: `kill -CONT ${node.pid}; or kill -9 ${node.pid}, and another takes over`
      })
    ]
  })
}

const isSame = (node: { readonly host: string; readonly pid: number }, holder: SeatHolder): boolean =>
  node.host === holder.host && node.pid === holder.pid
