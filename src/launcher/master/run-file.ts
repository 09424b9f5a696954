import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processStart } from './process-start.ts'

export interface Rolled {
  /** Every process was replaced, and every former one ended in order. */
  readonly ok: boolean
  /** Every process was replaced all the same. */
  readonly isReplaced?: true
  readonly message: string
}

/** What a running master says of itself, in `master-<pid>.json` of the run directory. */
export interface MasterRecord {
  readonly pid: number
  /** The system's own note of when that process began: a pid alone may be another process by now. */
  readonly start: string
  readonly topology: string
  readonly config: string | null
  /** ISO 8601. */
  readonly startedAt: string
  /** Raised when a roll begins. */
  readonly rolls: number
  /** What became of the latest roll; null while it goes on. */
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

/** Written beside and moved over, so that nobody reads half of it. */
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

/** The masters that run. What dead ones have left behind is cleared away. */
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

/** Undefined: it went as we looked, or is none of ours. */
function readRecord(file: string): MasterRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as MasterRecord
  } catch {
    return undefined
  }
}
