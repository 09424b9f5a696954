import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { systemClock } from '../../clock/system.ts'
import { LaunchedProcess } from '../../launcher/master/launched-process.ts'
import { prefixesOf } from '../../launcher/master/log-lines.ts'
import { Master, type SpawnStart } from '../../launcher/master/master.ts'
import type { ProcessPlan } from '../../launcher/master/plan.ts'
import { processStart } from '../../launcher/master/process-start.ts'
import type { AppOptions, Assignment, Inspection, ToMaster } from '../../launcher/protocol.ts'
import { type MasterRecord, removeMaster, writeMaster } from '../../launcher/master/run-file.ts'
import { waitWords } from '../../launcher/process/supervisor.ts'
import { packageRoot } from '../../package-root.ts'
import { Refused } from '../failures.ts'
import { madeTokenOf } from '../process/made-token.ts'

export interface LaunchWishes {
  readonly options: AppOptions
  /** 0: no limit. */
  readonly maxRequests: number
  readonly readyWithinMs: number
  readonly hasPrefixes: boolean
  /** Standard output is JSON only: what the processes write there goes to standard error. */
  readonly isJson: boolean
  readonly waitsForChange: boolean
  /** Added to the master's own environment, which takes precedence. */
  readonly env: Readonly<Record<string, string>>
}

const child = import.meta.filename.endsWith('.ts') ? 'src/cli/child.ts' : 'dist/cli/child.js'
const file = fileURLToPath(new URL(child, packageRoot))
const MASTER = 'master'
const INSPECTOR = 'config'

/** Starts the processes of one command, and forwards what they write. */
export class Launch {
  readonly #wishes: LaunchWishes
  readonly #startedAt = new Date().toISOString()
  #prefixes = prefixesOf([MASTER, INSPECTOR])
  #isRecordBroken = false
  #madeToken: string | undefined

  constructor(wishes: LaunchWishes) {
    this.#wishes = wishes
    // The reader of this output may be gone; the processes keep running.
    for (const stream of [process.stdout, process.stderr])
      stream.removeAllListeners('error').on('error', () => undefined)
  }

  readonly notice = (text: string): void => this.#err(`${this.#prefixes.get(MASTER)}${text}\n`)

  /**
   * Reads the config in a separate process. No code of the app is ever loaded into the master, so none can harm it.
   * Rejects with what is wrong with the config.
   */
  async inspect(): Promise<Inspection> {
    const { options } = this.#wishes
    let inspection: Inspection | undefined
    const onMessage = (message: ToMaster): void => {
      if (message.type === 'inspected') inspection = message.inspection
    }
    const child = this.#spawn(INSPECTOR, { kind: 'inspect', options }, { onMessage })
    const { code, signal } = await child.ended
    if (inspection !== undefined) return inspection
    const message = `The process that reads the config ended with ${signal ?? `status ${code}`}, and said nothing.`
    throw new Refused(child.failure ?? { status: 1, code: 'failed', message })
  }

  master(inspection: Inspection): Master {
    const { waitsForChange } = this.#wishes
    const { processes, maxRestarts } = inspection
    this.#madeToken = madeTokenOf(inspection, this.notice)
    this.#prefixes = prefixesOf([MASTER, ...processes.map(({ name }) => name)])
    return new Master({
      processes: processes.map(({ name, kind, roles }) => ({ name, kind, roles })),
      spawn: (plan, start) => this.#process(inspection, plan, start),
      check: () => this.#check(inspection),
      clock: systemClock,
      random: Math.random,
      maxRestarts,
      waitsForChange,
      notice: this.notice,
      record: state => this.#record(inspection, state)
    })
  }

  #process({ processes, graces, isProduction }: Inspection, plan: ProcessPlan, start: SpawnStart): LaunchedProcess {
    const { options, maxRequests } = this.#wishes
    const { onRecycle, hasPredecessor } = start
    const { listen } = processes.find(({ name }) => name === plan.name)!
    // A predecessor keeps running, so a reload reports that the books are away, and ends.
    const waitsForBooks = isProduction && !hasPredecessor
    const madeToken = this.#madeToken
    const assignment = { kind: 'run', options, plan, listen, maxRequests, graces, waitsForBooks, madeToken } as const
    const onMessage = (message: ToMaster): void => {
      if (message.type === 'recycle') onRecycle()
      if (message.type === 'waits') this.notice(waitWords(plan.name, message.reason))
    }
    return this.#spawn(plan.name, assignment, { onMessage, graces })
  }

  /** Rejects if the config could not be started now. Logs if it asks for other processes, which take a new start. */
  async #check(started: Inspection): Promise<void> {
    const { processes } = await this.inspect()
    if (isDeepStrictEqual(processes, started.processes)) return
    this.notice('the config now asks for other processes or ports; they do not change until the next start')
  }

  /** Deletes the record of this master. */
  forget({ runDirectory }: Inspection): void {
    removeMaster(runDirectory, process.pid)
  }

  #spawn(
    name: string,
    assignment: Assignment,
    { onMessage, graces = NO_GRACES }: { onMessage: (message: ToMaster) => void; graces?: Inspection['graces'] }
  ): LaunchedProcess {
    const { readyWithinMs, env, isJson, hasPrefixes } = this.#wishes
    const prefix = hasPrefixes ? (this.#prefixes.get(name) ?? `${name} | `) : ''
    const missing = Object.entries(env).filter(([variable]) => process.env[variable] === undefined)
    return new LaunchedProcess({
      file,
      name,
      assignment,
      graces,
      readyWithinMs,
      env: Object.fromEntries(missing),
      prefix,
      clock: systemClock,
      out: isJson ? this.#err : this.#out,
      err: this.#err,
      onMessage
    })
  }

  #record(
    { topology, config, runDirectory }: Inspection,
    state: Pick<MasterRecord, 'rolls' | 'rolled' | 'processes'>
  ): void {
    const start = processStart(process.pid)
    if (this.#isRecordBroken || start === undefined) return
    const { pid } = process
    try {
      writeMaster(runDirectory, { pid, start, topology, config: config ?? null, startedAt: this.#startedAt, ...state })
    } catch (error) {
      this.#isRecordBroken = true
      this.notice(`"escapement reload" will not find this master; SIGHUP still works: ${String(error)}`)
    }
  }

  readonly #out = (text: string): void => void process.stdout.write(text)
  readonly #err = (text: string): void => void process.stderr.write(text)
}

const NO_GRACES = { shutdownGraceMs: 0, abortGraceMs: 0 }
