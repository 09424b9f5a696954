// `npm run chaos`: real processes, real faults, and a history that is held to the invariants.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from '../scripts/built.ts'
import { type Asked, readArguments, refuse } from './arguments.ts'
import { check, type Verdict } from './checker/check.ts'
import { readEvidence } from './evidence.ts'
import { verdictInWords } from './report.ts'
import { builtProduct } from './rig/product.ts'
import { runOn } from './run-on.ts'
import { runWithout } from './run-without.ts'

const tell = (progress: string): void => void process.stderr.write(`chaos: ${progress}\n`)

async function runAsked({ run, only, without, isKept }: Asked): Promise<Verdict> {
  if (!ensureBuilt()) refuse('the library could not be built, see above')
  // What is left behind is ended with us: a process that is frozen would stay for ever.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
  const folder = mkdtempSync(join(tmpdir(), 'escapement-chaos-'))
  try {
    return without.length > 0
      ? await runWithout(without, { ...run, folder, tell })
      : await runOn({ ...run, only, folder, product: builtProduct, tell })
  } finally {
    if (isKept) tell(`everything is in ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

const asked = readArguments()
const verdict = asked.check === undefined ? await runAsked(asked) : check(readEvidence(asked.check))
const isOk = verdict.findings.length === 0
const report = { ...(asked.check === undefined ? asked.run : {}), ok: isOk, ...verdict }
process.stdout.write(asked.isJson ? `${JSON.stringify(report)}\n` : `${verdictInWords(verdict)}\n`)
process.exitCode = isOk ? 0 : 1
