import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ModelRun } from './run.ts'

const execute = promisify(execFile)
const MAX_OUTPUT_BYTES = 64 * 2 ** 20
const MAX_DEPTH = 400_000

/** What Spin found in one run. */
export interface Finding {
  /** `holds`, the label of the property that broke, or `unfinished`. */
  readonly verdict: string
  /** Where the assertion stands that broke, `file:line`, or why the search is unfinished; empty when all holds. */
  readonly at: string
  /** States stored: the whole space, or until the violation. */
  readonly states: number
  readonly durationMs: number
}

/**
 * Explores one run in a temporary folder, which is gone afterwards. Needs `spin` and `gcc` on PATH.
 *
 * @throws when the model does not compile, or when the signal aborts it.
 */
export async function explore(run: ModelRun, signal?: AbortSignal): Promise<Finding> {
  const startedAt = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'escapement-model-'))
  try {
    for (const name of await promelaFiles()) await cp(join(import.meta.dirname, name), join(folder, name))
    const inFolder = { cwd: folder, maxBuffer: MAX_OUTPUT_BYTES, ...(signal && { signal }) }
    await execute('spin', [...run.flags, '-a', `${run.model}.pml`], inFolder)
    await execute('gcc', compilerArguments(run), inFolder)
    const { stdout } = await execute('./pan', [`-m${MAX_DEPTH}`, `-w${hashTableBits(run)}`], inFolder)
    const finding = readSearch(stdout)
    const seen = finding.verdict === 'violated' ? await nameViolation(run, inFolder) : finding
    return { ...finding, ...seen, durationMs: Math.round(performance.now() - startedAt) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Whether a run came out as it has to. A rule taken out that breaks nothing did not; nor did a model that holds with less than
 * half of the states recorded: it has lost its behaviour, and proves nothing.
 */
export function isAsExpected(run: ModelRun, finding: Pick<Finding, 'verdict' | 'states'>): boolean {
  return finding.verdict === run.expected && (run.expected !== 'holds' || finding.states >= run.states / 2)
}

/** The models and their parts. */
export async function promelaFiles(): Promise<string[]> {
  const names = await readdir(import.meta.dirname)
  return names.filter(name => name.endsWith('.pml')).sort()
}

/** The label of the property that an assertion's line names in its comment, if any: `assert(…); /* ONCE *\/`. */
export function propertyOf(line: string): string | undefined {
  return /assert\(.*\/\* ([A-Z]+(?:-[A-Z]+)*)(?::| \*\/)/.exec(line)?.[1]
}

function compilerArguments(run: ModelRun): string[] {
  // The compiler's optimizer takes longer than a quick run's whole search.
  const speed = run.quick ? '-O0' : '-O2'
  const search = run.search === 'breadth' ? ['-DBFS'] : []
  return ['-w', speed, '-DSAFETY', '-DCOLLAPSE', '-DVECTORSZ=2048', ...search, '-o', 'pan', 'pan.c']
}

// One slot per state or a little more; the table is allocated at once, 8 bytes a slot.
function hashTableBits(run: ModelRun): number {
  return Math.max(18, Math.min(26, Math.ceil(Math.log2(run.states))))
}

function readSearch(output: string): { verdict: string; at: string; states: number } {
  const states = Number(/^\s*(\d+) states, stored/m.exec(output)?.[1] ?? 0)
  if (/^pan:\d+: assertion violated/m.test(output)) return { verdict: 'violated', at: '', states }
  const isComplete = /errors: 0$/m.test(output) && !/search depth too small|out of memory|not completed/i.test(output)
  if (isComplete) return { verdict: 'holds', at: '', states }
  const reason = /^(?:pan|error).*$/m.exec(output)?.[0] ?? 'pan said nothing that can be read'
  return { verdict: 'unfinished', at: reason, states }
}

// pan tells the text of the assertion, which several lines may share: the line is known only by replaying the trail.
async function nameViolation(run: ModelRun, inFolder: { cwd: string }): Promise<{ verdict: string; at: string }> {
  const { stdout } = await execute('spin', [...run.flags, '-t', `${run.model}.pml`], inFolder)
  const [, file, number] = /^spin: (\S+\.pml):(\d+), Error: assertion violated/m.exec(stdout) ?? []
  if (file === undefined) return { verdict: 'unfinished', at: 'the trail does not lead to an assertion' }
  const lines = (await readFile(join(inFolder.cwd, file), 'utf8')).split('\n')
  return { verdict: propertyOf(lines[Number(number) - 1] ?? '') ?? 'unlabelled', at: `${file}:${number}` }
}
