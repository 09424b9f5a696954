import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EscapementError } from '../../core/errors.ts'
import { describe } from '../../core/options/names.ts'
import type { WebApp } from '../../settings/rows/app.ts'

/** The path of an app's module; undefined for an app that is a handler. Throws if the module does not exist. */
export function appModule(web: WebApp | string, config: string | undefined): string | undefined {
  if (typeof web !== 'string') return undefined
  const path = resolve(config === undefined ? '.' : dirname(config), web)
  if (existsSync(path)) return path
  throw new EscapementError('config-invalid', `The web app is ${describe(path)}, and there is no such module.`)
}

/** The handler that a module exports by default. Undefined: none, so the module listens by itself. */
export async function loadApp(path: string): Promise<WebApp | undefined> {
  const { default: app } = (await import(pathToFileURL(path).href)) as { default?: unknown }
  if (app === undefined) return undefined
  if (isWebApp(app)) return app
  throw new EscapementError(
    'config-invalid',
    `The web app ${path} exports ${describe(app)} by default; it takes a (request, response) handler, an object with a fetch handler, or no default export when it listens by itself.`
  )
}

function isWebApp(app: unknown): app is WebApp {
  if (typeof app === 'function') return true
  return typeof app === 'object' && app !== null && typeof (app as { fetch?: unknown }).fetch === 'function'
}
