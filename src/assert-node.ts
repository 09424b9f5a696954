import { nodeProblem } from './node-version.ts'

/** Refuses an unsupported Node when the package is loaded, instead of failing at some later call. */
export function assertNode(versions: Readonly<Record<string, string | undefined>> = process.versions): void {
  const problem = versions['bun'] === undefined ? nodeProblem(versions['node'] ?? '0') : undefined
  if (problem !== undefined) throw new Error(problem)
}
