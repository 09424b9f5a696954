import { randomBytes } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { presentedToken, tokenText } from '../core/access/token.ts'

const RANDOM_BYTES = 32
/** In the place of the id that a token of the books has. */
const LOCAL = 'local'

/** Where a start keeps the token that it has made. */
export const tokenFileOf = (directory: string): string => join(directory, 'token')

/**
 * The token of this host, for those who may read its file: the user that runs the app. Made once, and again if others
 * could read it. Throws what the file system says.
 */
export function tokenOf(directory: string): string {
  const file = tokenFileOf(directory)
  return readToken(file) ?? makeToken(directory, file)
}

function readToken(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim()
    if (presentedToken(text)?.id === LOCAL && (statSync(file).mode & 0o077) === 0) return text
    rmSync(file)
    return undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Of two that make it at once the later one takes what the earlier one made: a link never replaces a file. */
function makeToken(directory: string, file: string): string {
  const token = tokenText({ id: LOCAL, secret: randomBytes(RANDOM_BYTES).toString('base64url') })
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${token}\n`, { mode: 0o600 })
  // The mode above is for a file that is new.
  chmodSync(draft, 0o600)
  try {
    linkSync(draft, file)
    return token
  } catch (error) {
    const made = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readToken(file) : undefined
    if (made === undefined) throw error
    return made
  } finally {
    rmSync(draft, { force: true })
  }
}
