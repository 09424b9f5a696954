import { html } from 'hono/html'

const short = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC'
})
const exact = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC'
})
const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000]
] as const
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** An instant to the minute, in UTC. */
export function instant(at: number) {
  return timeElement(at, short)
}

/** An instant to the second, in UTC. */
export function moment(at: number) {
  return timeElement(at, exact)
}

function timeElement(at: number, format: Intl.DateTimeFormat) {
  return html`<time datetime="${new Date(at).toISOString()}">${format.format(at).replace(',', '')}</time>`
}

/** How far an instant is from now, in words: "in 6 hours", "3 minutes ago", "now". */
export function distance(at: number, now: number): string {
  const gapMs = at - now
  const [unit, unitMs] = units.find(([, ms]) => Math.abs(gapMs) >= ms) ?? ['second', 1_000]
  return relative.format(Math.round(gapMs / unitMs), unit)
}
