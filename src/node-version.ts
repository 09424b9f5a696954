/** The oldest Node that is supported, as in package.json. */
export const OLDEST_NODE = '22.18'

/** Says what is wrong with a version of Node. Undefined: nothing. Any Node from 14 on can load and run this code. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number)
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined
  return `Escapement needs Node ${OLDEST_NODE} or later, and this is Node ${version} (${process.execPath}). Install a newer one, such as the LTS release of nodejs.org, and start with that.`
}

/** Refuses an unsupported Node when the package is loaded, instead of failing at some later call. */
export function assertNode(versions: Readonly<Record<string, string | undefined>> = process.versions): void {
  const problem = versions['bun'] === undefined ? nodeProblem(versions['node'] ?? '0') : undefined
  if (problem !== undefined) throw new Error(problem)
}
