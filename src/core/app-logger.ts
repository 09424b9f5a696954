import type { AppLogger, Logger } from './job/handler.ts'

type Level = keyof Logger

/** The method names that serve each level, best first. A level for which the logger has none logs nothing. */
const names: Readonly<Record<Level, readonly string[]>> = {
  debug: ['debug', 'verbose', 'trace'],
  info: ['info', 'notice', 'log'],
  warn: ['warn', 'warning', 'info', 'log'],
  error: ['error', 'err', 'fatal', 'warn', 'warning', 'info', 'log']
}

/** Whether the value has a method for "info" or above, under any of the names. */
export const isAppLogger = (value: unknown): value is AppLogger =>
  typeof value === 'object' && value !== null && names.error.some(name => hasFunction(value, name))

/** Wraps the app's logger: it gets all our levels, and takes the fields first, as pino does. */
export function asLogger(given: AppLogger): Logger {
  const write = takesTextFirst(given) ? textFirst : fieldsFirst
  const line = (level: Level): Logger[Level] => {
    const name = names[level].find(each => hasFunction(given, each))
    return name === undefined ? () => undefined : (fields, message) => write(given, name, fields, message)
  }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

type Write = (logger: AppLogger, name: string, fields: object, message: string | undefined) => unknown

const fieldsFirst: Write = (logger, name, fields, message) => call(logger, name, fields, message)

const textFirst: Write = (logger, name, fields, message = '') =>
  Object.keys(fields).length === 0 ? call(logger, name, message) : call(logger, name, message, fields)

function call(logger: AppLogger, name: string, ...said: unknown[]): unknown {
  return (logger as Readonly<Record<string, (...said: unknown[]) => unknown>>)[name]!(...said)
}

/** A console, or a logger like those of winston and log4js: given the fields first, it would take them for the text. */
const takesTextFirst = (logger: AppLogger): boolean =>
  logger === console ||
  (hasFunction(logger, 'table') && hasFunction(logger, 'dir')) ||
  ('transports' in logger && hasFunction(logger, 'log')) ||
  ('category' in logger && hasFunction(logger, 'isLevelEnabled'))

const hasFunction = (value: object, name: string): boolean =>
  typeof (value as Readonly<Record<string, unknown>>)[name] === 'function'
