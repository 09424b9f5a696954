import { mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Fact } from './history.ts'

/**
 * The store's time, read off the host's monotonic clock: all processes of a machine share that one, and no skew of
 * their wall clocks moves it. How it stands to the store's clock is measured by the rig.
 */
export const storeTime = (clockOffsetMs: number): number => monotonicMs() + clockOffsetMs

export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** A process's own file of what it did: one line to a write, so that a kill leaves whole lines. */
export class Recorder {
  readonly #path: string
  readonly #clockOffsetMs: number
  #file: number | undefined

  constructor(folder: string, name: string, clockOffsetMs: number) {
    mkdirSync(folder, { recursive: true })
    this.#path = join(folder, `${name}.jsonl`)
    this.#clockOffsetMs = clockOffsetMs
  }

  write(fact: Fact): void {
    this.#file ??= openSync(this.#path, 'a')
    const at = Math.round(storeTime(this.#clockOffsetMs) * 1_000) / 1_000
    writeSync(this.#file, `${JSON.stringify({ ...fact, at })}\n`)
  }
}
