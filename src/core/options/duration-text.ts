/** 1,000 years: added to an instant of today, it stays far within 9999, the last year that can be written. */
export const MAX_DURATION_MS = 365_250 * 86_400_000

const unitMs: Record<string, number> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
const form = /^(?:\d+(?:\.\d+)?(?:ms|w|d|h|m|s))+$/
const part = /(\d+(?:\.\d+)?)(ms|w|d|h|m|s)/g

/** Reads whole milliseconds, or a text such as `1h30m`, from 0 to 1,000 years. Undefined for anything else. */
export function wholeMilliseconds(duration: unknown): number | undefined {
  const ms = typeof duration === 'number' ? duration : parse(duration)
  return ms !== undefined && Number.isSafeInteger(ms) && ms >= 0 && ms <= MAX_DURATION_MS ? ms : undefined
}

function parse(text: unknown): number | undefined {
  if (typeof text !== 'string' || !form.test(text)) return undefined
  let sum = 0
  let smallest = Infinity
  for (const [, amount, unit = ''] of text.matchAll(part)) {
    const each = unitMs[unit] ?? 0
    if (each >= smallest) return undefined
    smallest = each
    sum += Number(amount) * each
  }
  // 1.1 h is 3,960,000.0000000005 ms in binary floating point. A real fraction of a millisecond stays.
  return Math.abs(sum - Math.round(sum)) < 1e-6 ? Math.round(sum) : sum
}
