import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { expect } from 'vitest'
import { processStart } from '../../src/launcher/master/process-start.ts'
import { liveMasters, type MasterRecord } from '../../src/launcher/master/run-file.ts'
import { type Ran, runCli, runJson } from '../cli/run-cli.ts'
import { freshFolder } from './books-of-test.ts'
import { LinesProcess } from './lines-process.ts'

export interface StartOptions {
  readonly command?: 'start' | 'dev'
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const app = `export { default } from ${JSON.stringify(join(import.meta.dirname, 'launched/escapement.config.ts'))}\n`
const silentLog = { ESCAPEMENT_LOG_LEVEL: 'silent' }

/** `escapement start` as a real process, with a folder, a port and, unless it is told of others, books of its own. */
export class Started {
  readonly folder = freshFolder()
  readonly process: LinesProcess
  readonly #env: Readonly<Record<string, string>>

  constructor({ command = 'start', args = [], env = {} }: StartOptions = {}) {
    this.#env = { ...silentLog, SCHEDULER_PORT: '0', ...env }
    this.writeConfig()
    const all = [command, '--port', '0', ...args]
    this.process = new LinesProcess('../../src/cli/main.ts', all, this.#env, this.folder)
  }

  /** Resolves when all its processes are ready. */
  async ready(): Promise<this> {
    await this.process.line(/^Started: /)
    return this
  }

  /** The app's config, or what stands in its place from now on. */
  writeConfig(text = app): void {
    writeFileSync(join(this.folder, 'escapement.config.ts'), text)
  }

  /** Resolves when each position is held by a process that is ready. */
  async allReady(): Promise<void> {
    while (this.processes.length === 0 || this.processes.some(({ ready }) => !ready)) await pass(10)
  }

  /** The processes as the master has written them down. */
  get processes(): MasterRecord['processes'] {
    return liveMasters(join(this.folder, '.escapement')).flatMap(({ processes }) => processes)
  }

  get pids(): number[] {
    return this.processes.flatMap(({ pid }) => pid ?? [])
  }

  url(name = this.processes[0]?.name): string {
    const url = this.processes.find(each => each.name === name)?.url
    if (typeof url !== 'string') throw new Error(`${name} listens nowhere.`)
    return url
  }

  /** What a request of the management API needs: the token that the start has made. */
  withToken(): RequestInit {
    const token = readFileSync(join(this.folder, '.escapement/token'), 'utf8').trim()
    return { headers: { authorization: `Bearer ${token}` } }
  }

  /** A command line in the folder of this start, on its books. */
  run(...args: string[]): Promise<Ran> {
    return runCli(args, { cwd: this.folder, env: this.#env })
  }

  /** The fire times that handlers were entered for, in any process, in order. */
  get ticks(): number[] {
    const lines = this.process.output().matchAll(/tick (\S+)$/gm)
    return [...lines].map(([, at]) => Date.parse(at ?? '')).sort((a, b) => a - b)
  }

  /** Resolves when so many more handlers were entered. */
  async moreTicks(count: number): Promise<void> {
    for (let heard = 0; heard < count; heard++) await this.process.line(/tick /)
  }

  /** Every fire time from the first to the last was run once, and the books are without a fault. */
  async expectEachSecondOnce(): Promise<void> {
    const { ticks } = this
    const [first = 0] = ticks
    expect(ticks).toEqual(ticks.map((_, at) => first + at * 1_000))
    const { status, answer, stderr } = await runJson<{ schedules: object[] }>(
      ['verify', '--to', new Date(ticks.at(-1) ?? 0).toISOString()],
      {
        cwd: this.folder,
        env: this.#env
      }
    )
    expect({ status, stderr, schedules: answer.schedules }).toMatchObject({
      status: 0,
      schedules: [{ double: 0, missing: 0 }]
    })
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { pids } = this
    expect(await this.process.ended(signal), this.process.output()).toEqual({ code: 0, signal: null })
    expect(pids.filter(pid => processStart(pid) !== undefined)).toEqual([])
  }
}

/** Asks for the page until each of these processes has answered. */
export async function answeredByAll(url: string, pids: readonly number[]): Promise<void> {
  const missing = new Set(pids)
  for (let asked = 0; missing.size > 0; asked++) {
    if (asked > 100) throw new Error(`${[...missing].join(', ')} did not answer in ${asked} requests.`)
    missing.delete((await pageOf(url)).pid)
  }
}

/** The page over a connection of its own, and the process that answered. */
export async function pageOf(url: string): Promise<{ text: string; pid: number }> {
  const response = await fetch(url, { headers: { connection: 'close' } })
  expect(response.status).toBe(200)
  const text = await response.text()
  return { text, pid: Number(/(\d+)\n$/.exec(text)?.[1]) }
}

/** Resolves when none of these processes is there any more. */
export async function allGone(pids: readonly number[]): Promise<void> {
  while (pids.some(pid => processStart(pid) !== undefined)) await pass(10)
}
