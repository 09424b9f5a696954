const units: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's']
]

/** A duration for people: its two largest units, as in "2d 3h" or "1m 5s"; below a second "250 ms". */
export function formatDuration(ms: number): string {
  if (ms < 0) return `minus ${formatDuration(-ms)}`
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const first = units.findIndex(([unitMs]) => ms >= unitMs)
  let rest = ms
  const parts = units.slice(first, first + 2).map(([unitMs, name]) => {
    const amount = Math.floor(rest / unitMs)
    rest -= amount * unitMs
    return amount === 0 ? '' : `${amount}${name}`
  })
  return parts.filter(part => part !== '').join(' ')
}
