// One run of the tests in a process of its own, counted.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

export interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export interface Run extends Count {
  /** Each failed test with what it said: a long log hides where it fell. */
  readonly failures: readonly string[]
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly success: boolean
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

const root = join(import.meta.dirname, '..')
const VITEST = 'node_modules/vitest/vitest.mjs'

/** What the tests run on. */
export interface Ground {
  /** A version of Node, which the bootstrap fetches when it has to; undefined: this one. */
  readonly node?: string | undefined
  /** A major version of PostgreSQL, which is there already; undefined: the machine's own. */
  readonly postgres?: string | undefined
}

/**
 * Runs vitest with these arguments.
 * A run that fails without a failed test (a file that can't be loaded, a run that was killed) counts as one failure.
 */
export async function countTests(args: readonly string[], { node, postgres }: Ground = {}): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-tests-'))
  const report = join(folder, 'report.json')
  const all = [VITEST, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args]
  const given = {
    ...(postgres === undefined ? {} : { ESCAPEMENT_POSTGRES: postgres }),
    // Hundreds of tests start the command line from its sources, which takes twice as long where each strips their
    // types again.
    NODE_COMPILE_CACHE: join(folder, 'compiled')
  }
  const status =
    node === undefined
      ? await ended(['--disable-warning=ExperimentalWarning', ...all], given)
      : await ended(['scripts/bootstrap.mjs', ...all], { ...given, ESCAPEMENT_NODE: node })
  const count = read(report, status === 0)
  rmSync(folder, { recursive: true, force: true })
  return count
}

// Not spawnSync: a signal has to reach the tests, and what they started, while they run. It ends all of this, too.
function ended(args: readonly string[], extra: Readonly<Record<string, string>>): Promise<number | null> {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...extra }, stdio: 'inherit' })
  let isStopped = false
  const pass = (signal: NodeJS.Signals): void => {
    isStopped = true
    child.kill(signal)
  }
  process.on('SIGINT', pass).on('SIGTERM', pass)
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('exit', status => {
      process.off('SIGINT', pass).off('SIGTERM', pass)
      if (isStopped) process.exit(1)
      done(status)
    })
  })
}

function read(report: string, hasEndedWell: boolean): Run {
  try {
    const summary = JSON.parse(readFileSync(report, 'utf8')) as Report
    const leastFailed = summary.success && hasEndedWell ? 0 : 1
    return {
      passed: summary.numPassedTests,
      failed: Math.max(summary.numFailedTests, leastFailed),
      skipped: summary.numPendingTests + summary.numTodoTests,
      failures: failuresIn(summary)
    }
  } catch (error) {
    console.error(`test: the run left no report: ${String(error)}`)
    return { passed: 0, failed: 1, skipped: 0, failures: ['a run of the tests left no report'] }
  }
}

function failuresIn({ testResults }: Report): readonly string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name)
    const failed = assertionResults.filter(({ status }) => status === 'failed')
    if (failed.length === 0) return message === '' ? [] : [`${file}: ${message}`]
    return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}\n${failureMessages.join('\n')}`)
  })
}
