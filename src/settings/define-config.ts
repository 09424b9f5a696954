import type { EscapementConfig } from './settings.ts'

/** Gives an `escapement.config.ts` its types; answers what it got. */
export function defineConfig(config: EscapementConfig): EscapementConfig {
  return config
}
