import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { releaseOf } from './postgres-releases.ts'

/** Debian keeps PostgreSQL's own programs out of PATH, one folder for each version. */
const VERSIONS = '/usr/lib/postgresql'
/** Not on everybody's PATH. */
const more = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']

/**
 * The path of a program; undefined: it is not installed. PostgreSQL's are those of the major version that
 * `ESCAPEMENT_POSTGRES` names, where it has them, or else the newest that the machine has.
 */
export function findProgram(name: string): string | undefined {
  const folders = [...postgresFolders(), ...(process.env['PATH'] ?? '').split(delimiter), ...more]
  return folders
    .filter(folder => folder !== '')
    .map(folder => join(folder, name))
    .find(path => existsSync(path))
}

function postgresFolders(): string[] {
  const chosen = releaseOf(process.env['ESCAPEMENT_POSTGRES'] ?? '')?.bin ?? ''
  if (!existsSync(VERSIONS)) return [chosen]
  const versions = readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a))
  return [chosen, ...versions.map(version => join(VERSIONS, version, 'bin'))]
}
