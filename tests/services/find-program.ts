import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Debian keeps PostgreSQL's own programs out of PATH, one folder for each version. */
const VERSIONS = '/usr/lib/postgresql'
/** Not on everybody's PATH. */
const more = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']

/** The path of a program, with the newest PostgreSQL first; undefined: it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...postgresFolders(), ...(process.env['PATH'] ?? '').split(delimiter), ...more]
  return folders
    .filter(folder => folder !== '')
    .map(folder => join(folder, name))
    .find(path => existsSync(path))
}

function postgresFolders(): string[] {
  if (!existsSync(VERSIONS)) return []
  const versions = readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a))
  return versions.map(version => join(VERSIONS, version, 'bin'))
}
