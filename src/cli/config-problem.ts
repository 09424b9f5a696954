import { readFileSync } from 'node:fs'
import { EscapementError } from '../core/errors.ts'

/**
 * The error for a config that Node could not import. Node strips the types of TypeScript and compiles nothing, so the
 * error names the construct that needs a compiler.
 */
export function configProblem(path: string, error: unknown): EscapementError {
  const cause = error instanceof Error ? error : new Error(String(error))
  const said = explained(path, cause) ?? `${cause.name}: ${cause.message}`
  return new EscapementError('config-invalid', `The config ${path} could not be loaded: ${said}`, { cause })
}

function explained(path: string, error: Error & { code?: string }): string | undefined {
  switch (error.code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return `${where(path, error)} has ${withArticle(constructOf(error))}. Node strips types and compiles nothing; write it in plain JavaScript${insteadOf(constructOf(error))}.`
    case 'ERR_INVALID_TYPESCRIPT_SYNTAX':
      return `${where(path, error)} is not well formed: ${error.message}.`
    case 'ERR_MODULE_NOT_FOUND':
    case 'ERR_PACKAGE_IMPORT_NOT_DEFINED':
      return missingModule(error)
    default:
      return error instanceof SyntaxError ? syntaxProblem(path, error) : undefined
  }
}

/** "enum", "parameter property", "namespace declaration", … */
const constructOf = ({ message }: Error): string =>
  /TypeScript (.+?) (?:is|are) not supported/.exec(message)?.[1] ?? 'construct that needs a compiler'

const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`

function insteadOf(construct: string): string {
  if (construct.includes('enum')) return ', for instance an object "as const"'
  if (construct.includes('parameter property')) return ': declare the field, and assign it in the constructor'
  return ''
}

function syntaxProblem(path: string, error: Error): string | undefined {
  const unexported = /'(.+)' does not provide an export named '(.+)'/.exec(error.message)
  if (unexported)
    return `"${unexported[1]}" exports no value "${unexported[2]}"; a type is imported by "import type { ${unexported[2]} }".`
  const line = decoratorLine(path)
  if (line === undefined) return undefined
  return `${path}:${line} has a decorator, which needs a compiler. Node strips types and compiles nothing; call the function itself.`
}

function decoratorLine(path: string): number | undefined {
  const index = readFileSync(path, 'utf8')
    .split('\n')
    .findIndex(line => /^\s*@[A-Za-z_$][\w$.]*(\(|\s|$)/.test(line))
  return index < 0 ? undefined : index + 1
}

function missingModule({ message }: Error): string {
  const specifier = /(?:package|module|specifier) ['"](.+?)['"]/.exec(message)?.[1] ?? ''
  if (/^(@\/|~|#)/.test(specifier))
    return `"${specifier}" is a path alias, which only a compiler resolves; import by a relative path with its extension, such as "./tasks.ts".`
  if (specifier.startsWith('/') && !/\.\w+$/.test(specifier))
    return `${specifier} is not there; Node takes imports with their extension, such as "./tasks.ts".`
  return `${message}.`
}

/** Node puts "file:line" before the stack of such errors. */
function where(path: string, { stack }: Error): string {
  return /^file:\/\/(\S+:\d+)$/m.exec(stack ?? '')?.[1] ?? path
}
