import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import type { Begun, Fact, Seated } from '../history.ts'

/** An attempt that has begun and not been left, as far as the history was read. */
export interface Open {
  readonly pid: number
  readonly job: string
  readonly task: string
}

const CHUNK = 1 << 16

/** Reads the history while it is written, and knows what happens. A file's name has its process's id. */
export class Tail {
  readonly #folder: string
  readonly #files = new Map<string, Lines>()
  readonly #open = new Map<string, Open>()
  /** Of each seat, who was elected last. */
  readonly #holders = new Map<string, { readonly pid: number; readonly term: number }>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Reads on. */
  update(): void {
    for (const name of readdirSync(this.#folder)) {
      if (name === 'rig.jsonl') continue
      const lines = this.#files.get(name) ?? new Lines(join(this.#folder, name))
      this.#files.set(name, lines)
      for (const line of lines.more()) this.#hear(JSON.parse(line) as Fact, Number(name.split('-')[1]))
    }
  }

  get open(): readonly Open[] {
    return [...this.#open.values()]
  }

  holderOf(seat: string): { readonly pid: number; readonly term: number } | undefined {
    return this.#holders.get(seat)
  }

  close(): void {
    for (const lines of this.#files.values()) lines.close()
  }

  #hear(fact: Fact, pid: number): void {
    if (fact.what === 'attempt.begun') this.#begin(fact, pid)
    if (fact.what === 'attempt.left') this.#open.delete(`${fact.job}#${fact.fence}`)
    if (fact.what === 'seat.elected') this.#elect(fact)
  }

  #begin({ job, fence, task }: Begun, pid: number): void {
    this.#open.set(`${job}#${fence}`, { pid, job, task })
  }

  #elect({ seat, term, pid }: Seated): void {
    if ((this.#holders.get(seat)?.term ?? 0) < term) this.#holders.set(seat, { pid, term })
  }
}

/** The whole lines of a file that grows. */
class Lines {
  readonly #file: number
  readonly #chunk = Buffer.alloc(CHUNK)
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''

  constructor(path: string) {
    this.#file = openSync(path, 'r')
  }

  more(): string[] {
    let text = this.#rest
    for (let read = CHUNK; read === CHUNK;) {
      read = readSync(this.#file, this.#chunk)
      text += this.#decoder.write(this.#chunk.subarray(0, read))
    }
    const lines = text.split('\n')
    this.#rest = lines.pop() ?? ''
    return lines
  }

  close(): void {
    closeSync(this.#file)
  }
}
