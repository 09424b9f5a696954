import type { Escapement } from './escapement.ts'
import { checkConfig } from '../settings/check-config.ts'
import type { EscapementConfig } from '../settings/settings.ts'

/** The default export of `escapement.config.ts`. */
export interface AppConfig extends EscapementConfig {
  /**
   * Called by `escapement start` in each of its processes, before the process starts, with its Escapement. Use it to
   * call `onPrimary` and `on`, and to pass the Escapement to the web app. A promise is awaited.
   */
  readonly setup?: (escapement: Escapement) => unknown
}

/**
 * Gives an `escapement.config.ts` its types. Checks the configuration and returns it unchanged.
 *
 * @throws EscapementError `config-invalid`, as `createEscapement` does.
 *
 * @example
 * ```ts
 * export default defineConfig({ name: 'shop', tasks: [mail], web: './web.ts', shutdownGrace: '20s' })
 * ```
 */
export function defineConfig(config: AppConfig): AppConfig {
  checkConfig(config)
  return config
}
