import { hash } from 'node:crypto'

/**
 * The id of the job that a fire time becomes: a UUID (version 8, RFC 9562) that follows from the schedule and the fire
 * time alone, so that no second job of that fire time can be created beside the first. It begins with the instant, like
 * a version 7, so that ids sort by time.
 */
export function fireJobId(scheduleId: string, fireAt: number): string {
  const time = Math.max(0, fireAt).toString(16).padStart(12, '0').slice(-12)
  const hex = hash('sha256', `${fireAt}\n${scheduleId}`)
  const variant = ((Number.parseInt(hex.slice(3, 5), 16) & 0x3f) | 0x80).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-8${hex.slice(0, 3)}-${variant}${hex.slice(5, 7)}-${hex.slice(7, 19)}`
}
