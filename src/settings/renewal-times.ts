import { durationMs } from '../core/duration.ts'
import { EscapementError } from '../core/errors.ts'

const DEFAULT_TTL = '15s'
const DEFAULT_RENEW_MS = 5_000

export interface RenewalTimes {
  readonly ttlMs: number
  readonly renewEveryMs: number
}

/**
 * Whoever holds something gets three tries to renew it within its time; with fewer, one slow commit would cost it all.
 *
 * @throws EscapementError `config-invalid`; `group` is the setting that it speaks of.
 */
export function renewalTimes(
  { ttl = DEFAULT_TTL, renewEvery }: { readonly ttl?: number | string; readonly renewEvery?: number | string },
  group: string
): RenewalTimes {
  const ttlMs = durationMs(ttl)
  const most = Math.floor(ttlMs / 3)
  const renewEveryMs = renewEvery === undefined ? Math.min(DEFAULT_RENEW_MS, most) : durationMs(renewEvery)
  if (renewEveryMs <= most) return { ttlMs, renewEveryMs }
  const got = `"${group}.renewEvery" is ${renewEveryMs} ms with a "${group}.ttl" of ${ttlMs} ms`
  throw new EscapementError('config-invalid', `${got}; it takes at most a third of it, ${most} ms.`)
}
