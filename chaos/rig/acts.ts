import { setTimeout as pass } from 'node:timers/promises'
import { type Fault, LIE_MS } from '../plan.ts'
import { monotonicMs, type Recorder } from '../recorder.ts'
import { SEAT } from '../workload.ts'
import type { Backend } from './backend.ts'
import type { Deployment } from './deployment.ts'
import { holdConnections } from './guests.ts'
import type { Member } from './member.ts'
import type { SkewedClocks } from './skew.ts'
import type { Tail } from './tail.ts'

/** What faults are done to. */
export interface Scene {
  readonly deployment: Deployment
  readonly backend: Backend
  readonly clocks: SkewedClocks
  readonly recorder: Recorder
  readonly tail: Tail
  /** A process of an older release, on that host. */
  readonly oldRelease: (host: string) => Member
  readonly feederPids: () => readonly number[]
  readonly tell: (progress: string) => void
}

/** One fault, as it is done. */
interface Act {
  /** The processes that it strikes; none where nobody is meant. */
  readonly pids: readonly number[]
  readonly begin: () => Promise<void> | void
  /** Ends it before its time is over. */
  readonly isOver?: () => boolean
  /**
   * In place of the planned time, for what ends by itself: a fault that is said to be over too early is held against
   * the product.
   */
  readonly mostMs?: number
  readonly end?: () => Promise<void> | void
}

/** Undefined: there is nothing now that it could strike. */
export function actOf(fault: Fault, scene: Scene): Act | undefined {
  const { backend, clocks, deployment } = scene
  const host = choose(backend.hosts, fault.whom) as string
  switch (fault.kind) {
    case 'kill':
      return kill(fault, scene)
    case 'restart':
      return onProcess(choose(deployment.pids(), fault.whom), pid => ({
        pids: [pid],
        begin: () => signal(pid, 'SIGTERM')
      }))
    case 'freeze':
      return onProcess(choose(deployment.pids(), fault.whom), frozen)
    case 'ambush':
      return ambush(fault, scene)
    case 'depose':
      return depose(scene)
    case 'roll':
      return { pids: [], begin: () => deployment.roll() }
    case 'skew':
      return { pids: [], begin: () => clocks.set(host, fault.byMs), end: () => clocks.set(host, 0) }
    case 'leap':
      return leap(fault, scene)
    case 'hold':
      return hold(scene)
    case 'comeback':
      return comeBack(scene.oldRelease(host))
    default:
      return backendAct(fault, scene, host)
  }
}

const choose = <T>(all: readonly T[], whom: number): T | undefined => all[Math.floor(whom * all.length)]

const onProcess = (pid: number | undefined, act: (pid: number) => Act): Act | undefined =>
  pid === undefined ? undefined : act(pid)

/** By how many faults each of them is frozen: it wakes when the last has ended. */
const stopped = new Map<number, number>()
process.on('exit', () => {
  for (const pid of stopped.keys()) signal(pid, 'SIGKILL')
})

const frozen = (pid: number): Act => ({
  pids: [pid],
  begin: () => {
    stopped.set(pid, (stopped.get(pid) ?? 0) + 1)
    signal(pid, 'SIGSTOP')
  },
  end: () => {
    const others = (stopped.get(pid) ?? 1) - 1
    if (others > 0) {
      stopped.set(pid, others)
      return
    }
    stopped.delete(pid)
    signal(pid, 'SIGCONT')
  }
})

/** Also who only enqueues, or keeps the others running, can be killed. */
function kill({ whom }: Fault, { deployment, feederPids, recorder }: Scene): Act | undefined {
  const ofApp = deployment.pids()
  return onProcess(choose([...ofApp, ...deployment.masters(), ...feederPids()], whom), pid => ({
    pids: [pid],
    begin: () => {
      signal(pid, 'SIGKILL')
      // Of what has a master nobody else sees the end.
      if (ofApp.includes(pid)) recorder.write({ what: 'process.ended', pid, code: null, signal: 'SIGKILL' })
    }
  }))
}

/** Freezes a process in the middle of a job, until another one has taken the job over, and is in the middle of it. */
function ambush({ whom }: Fault, { deployment, tail }: Scene): Act | undefined {
  tail.update()
  const pids = deployment.pids()
  const open = tail.open.filter(({ pid, task }) => pids.includes(pid) && task === 'slow')
  const prey = choose(open, whom)
  return onProcess(prey?.pid, pid => ({
    ...frozen(pid),
    isOver: () => {
      tail.update()
      return tail.open.some(
        ({ job, pid: other }) => other !== pid && open.some(each => each.pid === pid && each.job === job)
      )
    }
  }))
}

const FIRST_WRITES_MS = 500

/** Freezes the holder of a seat until another one has it, and has written in its name. */
function depose({ deployment, tail }: Scene): Act | undefined {
  tail.update()
  const holder = tail.holderOf(SEAT)
  if (holder === undefined || !deployment.pids().includes(holder.pid)) return undefined
  let deposedAtMs = Infinity
  return {
    ...frozen(holder.pid),
    isOver: () => {
      tail.update()
      if ((tail.holderOf(SEAT)?.term ?? 0) > holder.term) deposedAtMs = Math.min(deposedAtMs, monotonicMs())
      return monotonicMs() - deposedAtMs > FIRST_WRITES_MS
    }
  }
}

/** The clock lies for a while, and is right again long before anybody has to believe it. */
function leap({ byMs }: Fault, { backend, clocks, recorder }: Scene): Act {
  const host = backend.hosts[0] as string
  return {
    pids: [],
    begin: async () => {
      clocks.set(host, byMs)
      await pass(LIE_MS)
      clocks.set(host, 0)
      recorder.write({ what: 'clock.right' })
    }
  }
}

/**
 * Longer than the grace of a process: the first ones have to cut them off, and the roll comes to its end within a run.
 */
const GUESTS_STAY_MS = 12_000
const MAX_ROLL_MS = 120_000

/** All are replaced while their guests would stay for long. The fault lasts as long as the roll. */
function hold({ deployment }: Scene): Act | undefined {
  const urls = deployment.urls()
  if (urls.length === 0) return undefined
  let isRolled = false
  return {
    pids: [],
    begin: async () => {
      const leave = await holdConnections(urls)
      void deployment.roll().finally(() => (isRolled = true))
      await pass(GUESTS_STAY_MS)
      leave()
    },
    isOver: () => isRolled,
    mostMs: MAX_ROLL_MS
  }
}

const comeBack = (member: Member): Act => ({
  pids: [],
  begin: () => member.start(),
  end: () => member.stop()
})

/** Of a store on many hosts one of them is cut off; all else meets them all. */
function backendAct(fault: Fault, { backend, deployment }: Scene, host: string): Act {
  let end: (() => Promise<void>) | undefined
  return {
    pids: fault.kind === 'cut' || fault.kind === 'reset' ? deployment.pids(host) : deployment.pids(),
    begin: async () => {
      end = await backend.suffer(fault, host)
    },
    end: () => end?.()
  }
}

/** It may have ended by itself, or by another fault, a moment ago. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
