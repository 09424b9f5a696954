import { setTimeout as pass } from 'node:timers/promises'
import type { Fault } from '../plan.ts'
import { monotonicMs } from '../recorder.ts'
import { actOf, type Scene } from './acts.ts'

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
  const { number, kind, lastsMs } = fault
  let act = actOf(fault, scene)
  await until(() => (act ??= actOf(fault, scene)) !== undefined, PATIENCE_MS)
  if (act === undefined) return tell(`${number}. ${kind}: nobody is there`)
  const { pids, begin, isOver, mostMs = lastsMs, end } = act
  recorder.write({ what: 'fault.began', number, kind, pids })
  tell(`${number}. ${kind} ${pids.join(' ')}`)
  await begin()
  await (isOver === undefined ? pass(lastsMs) : until(isOver, mostMs))
  await end?.()
  recorder.write({ what: 'fault.ended', number, kind, pids })
}

const LOOK_EVERY_MS = 50
/** How long to wait for something that a fault can strike. */
const PATIENCE_MS = 4_000

async function until(isOver: () => boolean, mostMs: number): Promise<void> {
  const endAtMs = monotonicMs() + mostMs
  while (!isOver() && monotonicMs() < endAtMs) await pass(LOOK_EVERY_MS)
}
