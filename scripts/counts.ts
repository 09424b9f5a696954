import type { Count, Run } from './vitest-run.ts'

/**
 * A check, a build or a program that has to be there counts as one test: the last line never says "0 failed" of a red
 * run.
 */
export const oneOf = (isClean: boolean): Count => ({ passed: Number(isClean), failed: Number(!isClean), skipped: 0 })

/** Says each failure again, where no log hides it, and the sum as the last line; the exit status is that of the sum. */
export function report(counts: readonly Count[], runs: readonly Run[]): void {
  for (const failure of runs.flatMap(({ failures }) => failures)) console.error(`\ntest: failed: ${failure}`)
  const sum = (part: keyof Count): number => [...counts, ...runs].reduce((total, count) => total + count[part], 0)
  process.exitCode = sum('failed') === 0 ? 0 : 1
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
}
