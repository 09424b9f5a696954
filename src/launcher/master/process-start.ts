import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Fields of `/proc/<pid>/stat` after the name in parentheses: the state, and the start in ticks since boot. */
const STATE = 0
const START = 19

/**
 * When a process began, as the system writes it. Together with the pid it identifies one process. Undefined: no process
 * has this pid.
 */
export function processStart(pid: number): string | undefined {
  return process.platform === 'linux' ? startInProc(pid) : startByPs(pid)
}

function startInProc(pid: number): string | undefined {
  const stat = statOf(pid)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  return fields[STATE] === 'Z' || fields[STATE] === 'X' ? undefined : fields[START]
}

function statOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
}

function startByPs(pid: number): string | undefined {
  const { stdout, status } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : undefined
}
