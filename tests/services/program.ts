import { execFileSync, spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { findProgram } from './find-program.ts'
import { removeFolder } from '../remove-folder.ts'

const isRoot = process.getuid?.() === 0
const KEPT_OUTPUT = 8_000

export interface ProgramOptions {
  /** It says so on its output when it serves. */
  readonly readyWhen: RegExp
  /** Ends it in order. */
  readonly stopSignal: NodeJS.Signals
  readonly folder: string
}

/** A server beside the tests, on a port and in a folder of its own. It ends with the process that started it, whatever ended that. */
export class Program {
  readonly #child: ChildProcess
  readonly #options: ProgramOptions
  readonly #exited: Promise<void>
  #output = ''

  private constructor(command: readonly string[], options: ProgramOptions) {
    this.#options = options
    const [file, ...args] = asServant(command, options.stopSignal)
    this.#child = spawn(file!, args, { cwd: options.folder, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#exited = new Promise(resolve => this.#child.once('close', () => resolve()))
  }

  /** Resolves when it serves. */
  static async start(command: readonly string[], options: ProgramOptions): Promise<Program> {
    const program = new Program(command, options)
    await program.#serves(command[0]!)
    return program
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** A second stop does nothing. */
  async stop(signal = this.#options.stopSignal): Promise<void> {
    this.#child.kill(signal)
    await this.#exited
  }

  #serves(name: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT)
        if (this.#options.readyWhen.test(this.#output)) resolve()
      }
      this.#child.stdout?.on('data', hear)
      this.#child.stderr?.on('data', hear)
      this.#child.once('error', reject)
      void this.#exited.then(() => reject(new Error(`${name} ended before it served: ${this.#output}`)))
    })
  }
}

/** A folder that the servant may write in. */
export function servantFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `escapement-${name}-`))
  giveToServant(folder)
  chmodSync(folder, 0o700)
  return folder
}

export function giveToServant(path: string): void {
  if (isRoot) chownSync(path, idOf('-u'), idOf('-g'))
}

/** Runs a program to its end. */
export function runAsServant(command: readonly string[], folder: string): void {
  const [file, ...args] = asServant(command)
  const { status, stderr, error } = spawnSync(file!, args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command[0]} failed: ${error?.message ?? stderr}`)
}

export function programPath(name: string): string {
  const path = findProgram(name)
  if (path === undefined) throw new Error(`The program "${name}" is missing; "npm test" installs it where it may.`)
  return path
}

/** As `programPath`, where the servant comes at it: a program of PostgreSQL's that was fetched may lie in a closed folder. */
export function servantProgram(name: string): string {
  const path = programPath(name)
  const [file, ...args] = asServant(['test', '-x', path])
  if (spawnSync(file!, args).status === 0) return path
  const native = dirname(dirname(path))
  let copy = copies.get(native)
  if (copy === undefined) {
    copy = servantFolder('programs')
    copies.set(native, copy)
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
    process.once('exit', () => removeFolder(copies.get(native)!))
  }
  return join(copy, 'bin', basename(path))
}

const copies = new Map<string, string>()

/** PostgreSQL and PgBouncer refuse to run as root: then they run as the user that Debian's package makes. */
function asServant(command: readonly string[], signalAtDeathOfParent?: NodeJS.Signals): readonly string[] {
  if (process.platform !== 'linux') return command
  const death = signalAtDeathOfParent === undefined ? [] : [`--pdeathsig=${signalAtDeathOfParent.slice(3)}`]
  const drop = isRoot ? ['--reuid=postgres', '--regid=postgres', '--init-groups', '--reset-env'] : []
  return ['setpriv', ...drop, ...death, ...command]
}

const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
