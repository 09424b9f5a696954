import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { removeFolder } from '../remove-folder.ts'

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** The program; by default the command line as it lies in src. */
  readonly main?: string
}

const sources = resolve(import.meta.dirname, '../../src/cli/main.ts')

const cacheFolder = process.env['NODE_COMPILE_CACHE']
const compileCache: Readonly<Record<string, string>> =
  cacheFolder === undefined ? {} : { NODE_COMPILE_CACHE: cacheFolder }

/** What of the environment a command may see: none of the settings of whoever runs the tests. */
export const bareEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '/',
  NO_COLOR: '1',
  ...compileCache
}

/** Runs the real command line as a process of its own. */
export function runCli(args: readonly string[], { cwd, env = {}, main = sources }: RunOptions = {}): Promise<Ran> {
  // As the bootstrap does: Node 22 warns at its first TypeScript file, before any of ours can ask it not to.
  const flags = main.endsWith('.ts') ? ['--disable-warning=ExperimentalWarning'] : []
  const child = spawn(process.execPath, [...flags, main, ...args], {
    cwd: cwd ?? tmpdir(),
    env: { ...bareEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', status => done({ status, stdout, stderr }))
  })
}

/** Runs a command with `--json`: standard output has to be one JSON value and nothing else. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- The caller says what it expects of the answer.
export async function runJson<T>(
  args: readonly string[],
  options?: RunOptions
): Promise<{ status: number | null; answer: T; stderr: string }> {
  const { status, stdout, stderr } = await runCli([...args, '--json'], options)
  try {
    return { status, stderr, answer: JSON.parse(stdout) as T }
  } catch {
    throw new Error(`Not JSON: ${JSON.stringify(stdout)}; on standard error: ${stderr}`)
  }
}

/** An empty folder that goes with the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-cli-'))
  onTestFinished(() => removeFolder(folder))
  return folder
}
