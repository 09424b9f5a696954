import { EscapementError } from '../core/errors.ts'

const DEFAULT_RENEW_MS = 5_000

export interface RenewalTimes {
  readonly ttlMs: number
  readonly renewEveryMs: number
}

/**
 * A holder gets three tries to renew within its time. With fewer, one slow commit could cost it the seat or lease.
 *
 * @throws EscapementError `config-invalid`, which names the setting `group`.
 */
export function renewalTimes(
  { ttlMs, renewEveryMs }: { readonly ttlMs: number; readonly renewEveryMs: number | undefined },
  group: string
): RenewalTimes {
  const most = Math.floor(ttlMs / 3)
  if (renewEveryMs === undefined) return { ttlMs, renewEveryMs: Math.min(DEFAULT_RENEW_MS, most) }
  if (renewEveryMs <= most) return { ttlMs, renewEveryMs }
  const got = `"${group}.renewEvery" is ${renewEveryMs} ms with a "${group}.ttl" of ${ttlMs} ms`
  throw new EscapementError('config-invalid', `${got}; it takes at most a third of it, ${most} ms.`)
}
