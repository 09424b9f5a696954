import { rmSync } from 'node:fs'
import { setTimeout as pass } from 'node:timers/promises'
import type { Fault } from '../plan.ts'
import { monotonicMs, type Recorder } from '../recorder.ts'
import type { Backend } from './backend.ts'
import type { Deployment } from './deployment.ts'
import type { SkewedClocks } from './skew.ts'

export interface Scene {
  readonly deployment: Deployment
  readonly backend: Backend
  readonly clocks: SkewedClocks
  readonly recorder: Recorder
  /** Processes that only enqueue: they are killed, and otherwise left alone. */
  readonly feederPids: () => readonly number[]
  readonly lockFile: string
  readonly tell: (progress: string) => void
}

/** Lets the faults come at their times, counted from now. Resolves when the last has ended. */
export async function strikeAll(faults: readonly Fault[], scene: Scene): Promise<void> {
  const beganAtMs = monotonicMs()
  await Promise.all(
    faults.map(async fault => {
      await pass(Math.max(0, beganAtMs + fault.atMs - monotonicMs()))
      await strike(fault, scene)
    })
  )
}

async function strike(fault: Fault, scene: Scene): Promise<void> {
  const { recorder, tell } = scene
  const { number, kind, lastsMs, whom } = fault
  const victims = fault.kind === 'kill' ? [...scene.deployment.pids(), ...scene.feederPids()] : scene.deployment.pids()
  const victim = victims[Math.floor(whom * victims.length)]
  const isOfProcess = kind === 'kill' || kind === 'freeze' || kind === 'restart'
  if (isOfProcess && victim === undefined) return tell(`${number}. ${kind}: nobody is there`)
  const pids = isOfProcess && victim !== undefined ? [victim] : []
  recorder.write({ what: 'fault.began', number, kind, pids })
  tell(`${number}. ${kind} ${pids.join(' ')}`)
  const end = await begin(fault, scene, victim ?? 0)
  await pass(lastsMs)
  await end()
  recorder.write({ what: 'fault.ended', number, kind, pids })
}

/** The file that a file seat is locked by is taken away from under its holder. */
function unlock(file: string): void {
  rmSync(file, { force: true })
}

type End = () => Promise<void> | void

async function begin(fault: Fault, scene: Scene, victim: number): Promise<End> {
  const { backend, deployment, clocks } = scene
  const host = backend.hosts[Math.floor(fault.whom * backend.hosts.length)] as string
  switch (fault.kind) {
    case 'kill':
      signal(victim, 'SIGKILL')
      return nothing
    case 'restart':
      signal(victim, 'SIGTERM')
      return nothing
    case 'freeze':
      signal(victim, 'SIGSTOP')
      return () => signal(victim, 'SIGCONT')
    case 'roll':
      await deployment.roll()
      return nothing
    case 'skew':
      clocks.set(host, fault.byMs)
      return () => clocks.set(host, 0)
    case 'unlock':
      unlock(scene.lockFile)
      return nothing
    default:
      return backend.suffer(fault, host)
  }
}

const nothing = (): void => undefined

/** It may have ended by itself, or by another fault, a moment ago. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
