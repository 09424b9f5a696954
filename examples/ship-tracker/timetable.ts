/** The call of one ship at the harbour, as the port authority publishes it. */
export interface ShipCall {
  /** The port authority's own number for this call, never reused. */
  call: string
  ship: string
  origin: string
  berth: string
  /** When it is expected, or when it came, in epoch ms, to the minute. */
  etaAt: number
  progress: 'expected' | 'at the pilot station' | 'berthed'
  /** Nautical miles still to go, to a tenth. */
  milesOff: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const BETWEEN_CALLS_MS = 47 * MINUTE_MS
const SHOWN_AFTER_MS = 2 * HOUR_MS
const SHOWN_BEFORE_MS = 8 * HOUR_MS
const MAX_DELAY_MS = 90 * MINUTE_MS
const DELAY_KNOWN_BEFORE_MS = 2 * HOUR_MS
const PILOT_BEFORE_MS = 40 * MINUTE_MS
const KNOTS = 12

const ships = [
  'Astrid Viken',
  "O'Malley Star",
  'Rosa & Margarida',
  'Nordlys',
  'Baltic Heron',
  'Ciudad de Almería',
  'Søren Kattegat',
  'Jade Meridian',
  'Lady Fairweather',
  'Île de Groix',
  'Tern',
  'Oceanic Patience',
  'Wawel Trader',
  'Kestrel Bay'
] as const
const origins = [
  'Bergen',
  'Antwerpen',
  'Gdańsk',
  'Bilbao',
  'Leith',
  'Reykjavík',
  'Tallinn',
  'A Coruña',
  'Ålesund'
] as const
const berths = ['North Quay 1', 'North Quay 2', 'Grain Pier', 'Ferry Slip', 'South Basin 4', 'South Basin 5'] as const

/**
 * The calls that the harbour shows at an instant: what came in the last two hours and what is expected in the next eight,
 * by time of arrival. The same instant always gives the same calls, so that every process shows the same harbour.
 */
export function callsAt(now: number): ShipCall[] {
  const first = Math.floor((now - SHOWN_AFTER_MS - MAX_DELAY_MS) / BETWEEN_CALLS_MS) - 1
  const last = Math.ceil((now + SHOWN_BEFORE_MS) / BETWEEN_CALLS_MS)
  return Array.from({ length: last - first + 1 }, (_, index) => callNumber(first + index, now))
    .filter(({ etaAt }) => etaAt >= now - SHOWN_AFTER_MS && etaAt <= now + SHOWN_BEFORE_MS)
    .sort((a, b) => a.etaAt - b.etaAt)
}

function callNumber(number: number, now: number): ShipCall {
  const plannedAt = number * BETWEEN_CALLS_MS + (scatter(number, 1) % 40) * MINUTE_MS
  const isDelayed = scatter(number, 2) % 4 === 0 && now >= plannedAt - DELAY_KNOWN_BEFORE_MS
  const etaAt = plannedAt + (isDelayed ? (1 + (scatter(number, 3) % 6)) * 15 * MINUTE_MS : 0)
  const leftMs = Math.max(0, etaAt - now)
  return {
    call: `HV-${number}`,
    ship: ships[number % ships.length] ?? ships[0],
    origin: origins[scatter(number, 4) % origins.length] ?? origins[0],
    berth: berths[number % berths.length] ?? berths[0],
    etaAt,
    progress: leftMs === 0 ? 'berthed' : leftMs <= PILOT_BEFORE_MS ? 'at the pilot station' : 'expected',
    milesOff: Math.round((leftMs / HOUR_MS) * KNOTS * 10) / 10
  }
}

/** A fixed, even scattering of whole numbers: what one call does says nothing about the next. */
function scatter(number: number, salt: number): number {
  let mixed = Math.imul(number ^ (salt * 0x9e37_79b9), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
