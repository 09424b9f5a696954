import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Figures } from '../../chaos/checker/figures.ts'
import type { Finding } from '../../chaos/checker/rules.ts'
import { bareEnvironment } from '../cli/run-cli.ts'

interface Report {
  readonly ok: boolean
  readonly findings: readonly Finding[]
  readonly figures: Figures
}

const main = join(import.meta.dirname, '../../chaos/main.ts')

/** Runs `npm run chaos -- … --json`; what it tells meanwhile goes to standard error. */
export async function runChaos(args: readonly string[]): Promise<Report> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args, '--json'], {
    env: bareEnvironment,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  onTestFinished(() => void child.kill('SIGTERM'))
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const status = await new Promise<number | null>((done, failed) => {
    child.on('error', failed)
    child.on('close', done)
  })
  if (text === '') throw new Error(`chaos ended with ${status}, and reported nothing.`)
  return JSON.parse(text) as Report
}

/** How late anything was depends on what else the machine runs, so that `npm run chaos` alone judges it (L1). */
export const faultsIn = (findings: readonly Finding[]): Finding[] => findings.filter(({ rule }) => rule !== 'L1')
