import type { EscapementConfig } from '../settings/settings.ts'
import { Escapement } from './escapement.ts'

/**
 * The scheduler, queue and worker of this process. What the configuration does not say comes from the environment, then
 * from the defaults; `docs/settings.md` has all of them. Opens nothing.
 *
 * @throws EscapementError `config-invalid`, naming the setting, what it got and what it takes.
 *
 * @example
 * ```ts
 * const app = createEscapement({
 *   name: 'shop',
 *   database: 'postgres://localhost/shop',
 *   tasks: [mail],
 *   schedules: [schedule('nightly', { task: report, trigger: cron('0 2 * * *') })]
 * })
 * ```
 */
export function createEscapement(config: EscapementConfig = {}): Escapement {
  return new Escapement(config)
}
