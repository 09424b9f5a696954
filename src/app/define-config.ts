import type { Escapement } from './escapement.ts'
import { checkConfig } from '../settings/check-config.ts'
import type { EscapementConfig } from '../settings/settings.ts'

/** What an `escapement.config.ts` exports by default. */
export interface AppConfig extends EscapementConfig {
  /**
   * Called by `escapement start` in each of its processes, with the Escapement of that process, before it starts: the
   * place for `onPrimary` and `on`, and to hand it to the web app. A promise is waited for.
   */
  readonly setup?: (escapement: Escapement) => unknown
}

/**
 * Gives an `escapement.config.ts` its types; answers what it got.
 *
 * @throws EscapementError `config-invalid`, as `createEscapement`.
 */
export function defineConfig(config: AppConfig): AppConfig {
  checkConfig(config)
  return config
}
