import { hash } from 'node:crypto'

/**
 * The id of a fire time's job: a UUID (version 8, RFC 9562) computed from the schedule and the fire time alone, so that
 * a fire time cannot get a second job. Like a version 7, it begins with the instant, so that ids sort by time.
 */
export function fireJobId(scheduleId: string, fireAt: number): string {
  const time = Math.max(0, fireAt).toString(16).padStart(12, '0').slice(-12)
  const hex = hash('sha256', `${fireAt}\n${scheduleId}`)
  const variant = ((Number.parseInt(hex.slice(3, 5), 16) & 0x3f) | 0x80).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-8${hex.slice(0, 3)}-${variant}${hex.slice(5, 7)}-${hex.slice(7, 19)}`
}
