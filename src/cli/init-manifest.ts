/** The parts of a package.json that init writes. */
export interface Manifest {
  readonly name: string
  readonly type: 'module'
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly [other: string]: unknown
}

/** What `npm init` writes where nobody has thought of tests yet. */
const NO_TESTS = /no test specified/

/**
 * A package.json that is there, with what the new app needs. Scripts and dependencies that it has already stay as they
 * are. Its type becomes "module", which the app's files are written in.
 */
export function mergedManifest(there: Readonly<Record<string, unknown>>, ours: Manifest): Manifest {
  const scripts = Object.entries(recordIn(there, 'scripts')).filter(([, command]) => !NO_TESTS.test(command))
  // `npm init` names a file that is not there.
  const { main: _main, ...others } = there
  return {
    ...ours,
    ...others,
    name: typeof there['name'] === 'string' && there['name'] !== '' ? there['name'] : ours.name,
    type: 'module',
    scripts: { ...ours.scripts, ...Object.fromEntries(scripts) },
    dependencies: { ...ours.dependencies, ...recordIn(there, 'dependencies') }
  }
}

function recordIn(manifest: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, string>> {
  const value = manifest[key]
  if (typeof value !== 'object' || value === null) return {}
  const texts = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(texts)
}
