import { EscapementError, type ErrorCode } from '../core/errors.ts'

/** An optional peer of this package: the app installs it if it wants what it is for. */
export interface OptionalPeer {
  readonly name: string
  /** What needs it, as a message begins: "Books in PostgreSQL". */
  readonly purpose: string
  /** The code of the error if the app has not installed it. */
  readonly code: ErrorCode
  /** What else helps, as a message continues: ', or set "x" to another one'. */
  readonly otherwise?: string
}

/**
 * Loads an optional peer when it is first needed. A bundler must neither look for it, since most apps don't have it,
 * nor take it into the bundle. So its name is a variable here, and each bundler is told in its own words to leave the
 * import alone. In a bundle it is found from where the bundle lies.
 */
export async function loadPeer<Module>({ name, purpose, code, otherwise = '' }: OptionalPeer): Promise<Module> {
  try {
    return (await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name)) as Module
  } catch (cause) {
    if (!isNotFound(cause)) throw cause
    throw new EscapementError(code, `${purpose} need the package "${name}": npm install ${name}${otherwise}`, { cause })
  }
}

const isNotFound = (error: unknown): boolean =>
  ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes((error as NodeJS.ErrnoException).code ?? '')
