import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processStart } from './process-start.ts'

export interface Rolled {
  /** Every process was replaced, and every old one ended in order. */
  readonly ok: boolean
  /** Set if every process was replaced, though something was not in order. */
  readonly isReplaced?: true
  readonly message: string
}

/** What a running master publishes about itself, in `master-<pid>.json` of the run directory. */
export interface MasterRecord {
  readonly pid: number
  /** When that process began, as the system writes it: the pid alone may be reused. */
  readonly start: string
  readonly topology: string
  readonly config: string | null
  /** ISO 8601. */
  readonly startedAt: string
  /** Raised when a roll begins. */
  readonly rolls: number
  /** The outcome of the latest roll. Null while it runs, and before the first. */
  readonly rolled: Rolled | null
  readonly processes: readonly {
    readonly name: string
    readonly pid: number | null
    readonly roles: readonly string[]
    readonly ready: boolean
    /** Where it listens. */
    readonly url: string | null
  }[]
}

const fileOf = (directory: string, pid: number): string => join(directory, `master-${pid}.json`)

/** Writes a draft and renames it, so that no reader sees half a record. */
export function writeMaster(directory: string, record: MasterRecord): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = fileOf(directory, record.pid)
  const draft = `${file}.new`
  writeFileSync(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(draft, file)
}

export function removeMaster(directory: string, pid: number): void {
  rmSync(fileOf(directory, pid), { force: true })
}

/** The running masters. Deletes the records of dead ones. */
export function liveMasters(directory: string, startOf = processStart): readonly MasterRecord[] {
  return namesIn(directory).flatMap(name => {
    const file = join(directory, name)
    const record = readRecord(file)
    if (record === undefined) return []
    if (startOf(record.pid) === record.start) return [record]
    rmSync(file, { force: true })
    return []
  })
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter(name => /^master-\d+\.json$/.test(name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Undefined: the file has just vanished, or is not JSON. */
function readRecord(file: string): MasterRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as MasterRecord
  } catch {
    return undefined
  }
}
