import { type Check, note, problem } from './finding.ts'

/** A skew from which times in logs confuse people. What is due is decided by the database's clock in any case. */
const SKEW_LIMIT_MS = 1_000
/** Values with which an acknowledged commit may be lost. */
const LOSING: Readonly<Record<string, readonly string[]>> = {
  fsync: ['off'],
  full_page_writes: ['off'],
  synchronous_commit: ['off'],
  synchronous: ['0', 'off']
}

export const commitsLast: Check = ({ database }) => {
  const losing = Object.entries(database.durability ?? {}).filter(([name, value]) => LOSING[name]?.includes(value))
  if (losing.length === 0) return []
  return [
    problem('durability-off', {
      what: `The database runs with ${losing.map(([name, value]) => `${name} = ${value}`).join(', ')}.`,
      why: 'A power cut may undo acknowledged writes: enqueued jobs, and fire times that then fire again.',
      fix: losing.map(([name]) => `ALTER SYSTEM SET ${name} = 'on'`).join('; ')
    })
  ]
}

export const clocksAgree: Check = ({ database }) => {
  const { skewMs } = database
  if (skewMs === undefined || Math.abs(skewMs) < SKEW_LIMIT_MS) return []
  const direction = skewMs > 0 ? 'behind' : 'ahead of'
  return [
    problem('clock-skew', {
      what: `This host's clock is ${Math.abs(skewMs / 1_000).toFixed(1)} s ${direction} the database's.`,
      why: "The database's clock decides what is due, so nothing fires early or twice; but times in logs and in enqueue({ runAt }) are off by that.",
      fix: 'timedatectl set-ntp true'
    })
  ]
}

export const wakesPassPooler: Check = ({ database }) =>
  database.isPooled === true && database.isHearingWakes === undefined
    ? [
        note('pooler-in-between', {
          what: 'A pooler stands in front of the database, and wakes have no way around it.',
          why: 'Workers look for jobs once a second, so jobs start up to a second later.',
          fix: 'postgres: { listenUrl } with the address of the database itself'
        })
      ]
    : []

export const wakesArrive: Check = ({ database }) =>
  database.isHearingWakes === false
    ? [
        problem('wakes-lost', {
          what: 'No connection could listen for wakes.',
          why: 'Workers find new jobs only by looking once a second.',
          fix: 'see LISTEN in docs/guides/postgres.md; does the listening address lead to a pooler or a standby?'
        })
      ]
    : []
