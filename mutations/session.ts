import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { createVitest, type TestModule, type TestSpecification, type Vitest } from 'vitest/node'
import type { NearestTest } from './guard.ts'

/** How long is waited, in milliseconds, for a test, and for a file of tests. */
export interface Patience {
  readonly testMs: number
  readonly fileMs: number
}

/** For tests that have to be green: however slow the machine is, that must not make them red. */
export const LONG: Patience = { testMs: 300_000, fileMs: 900_000 }
/** For tests of which one may wait for what no longer comes, or go round for ever: that counts as red. */
export const SHORT: Patience = { testMs: 60_000, fileMs: 240_000 }

const CLOSES_WITHIN_MS = 10_000

/** How some tests went. */
export interface Finding {
  readonly passed: number
  /** The first test that failed, with what it said; undefined: none did. */
  readonly failure: string | undefined
  /** It is no test that failed: the file could not be loaded, or something else went wrong. */
  readonly isBroken?: boolean
}

/** One vitest for many runs of few tests on the copy: starting it takes longer than most of them. */
export class Session {
  readonly #folder: string
  #vitest: Promise<Vitest> | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /** To be called after each change of a file of the copy. */
  async changed(file: string): Promise<void> {
    const vitest = await this.#vitest
    vitest?.invalidateFile(join(this.#folder, file))
  }

  /** Runs the tests, file by file, until one fails. */
  async run(tests: readonly NearestTest[], patience: Patience): Promise<Finding> {
    let passed = 0
    for (const test of tests) {
      const finding = await this.#runFile(test, patience)
      passed += finding.passed
      if (finding.failure !== undefined) return { passed, failure: finding.failure }
    }
    return { passed, failure: undefined }
  }

  async close(): Promise<void> {
    const vitest = await this.#vitest
    this.#vitest = undefined
    if (vitest !== undefined) await Promise.race([vitest.close(), sleep(CLOSES_WITHIN_MS, undefined, { ref: false })])
  }

  /** What is broken is tried again in another vitest: one that was cut short may have half of a module in mind. */
  async #runFile(test: NearestTest, patience: Patience): Promise<Finding> {
    const finding = await this.#runOnce(test, patience)
    if (finding.isBroken !== true) return finding
    await this.close()
    return this.#runOnce(test, patience)
  }

  async #runOnce([file, title]: NearestTest, { testMs, fileMs }: Patience): Promise<Finding> {
    const vitest = await (this.#vitest ??= openVitest(this.#folder))
    const path = join(this.#folder, file)
    const found = await vitest.globTestSpecifications([file])
    const wanted = found.filter(({ moduleId }) => moduleId === path)
    vitest.setGlobalTestNamePattern(title === undefined ? /(?:)/ : new RegExp(title.replaceAll(/\W/g, '\\$&')))
    for (const { config } of vitest.projects) {
      config.testTimeout = testMs
      config.hookTimeout = testMs
    }
    const alarm = new AbortController()
    const hang = sleep(fileMs, 'hangs' as const, { signal: alarm.signal }).catch(() => 'hangs' as const)
    const ended = await Promise.race([runOf(vitest, wanted), hang])
    alarm.abort()
    if (ended !== 'hangs') return ended
    await this.close()
    return { passed: 0, failure: `${file} did not end` }
  }
}

function openVitest(folder: string): Promise<Vitest> {
  const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() })
  return createVitest(
    'test',
    { root: folder, watch: false, bail: 1, maxWorkers: 1, silent: true, reporters: [{}] },
    {},
    { stdout: nowhere(), stderr: nowhere() }
  )
}

async function runOf(vitest: Vitest, specifications: TestSpecification[]): Promise<Finding> {
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
  const own = testModules.filter(({ moduleId }) => specifications.some(each => each.moduleId === moduleId))
  const passed = own.reduce((sum, module) => sum + [...module.children.allTests('passed')].length, 0)
  const failed = own.flatMap(failedTests)
  const [broken] = [...own.flatMap(module => module.errors()), ...unhandledErrors].map(firstLine)
  return { passed, failure: failed[0] ?? broken, isBroken: failed.length === 0 && broken !== undefined }
}

const failedTests = (module: TestModule): string[] =>
  Array.from(module.children.allTests('failed'), test => `${test.fullName}: ${firstLine(test.result().errors?.[0])}`)

function firstLine(error: unknown): string {
  const message = error instanceof Object && 'message' in error ? String(error.message) : String(error)
  return message.split('\n', 1)[0] ?? ''
}
