import { formatInstant } from '../trigger/instant.ts'
import { localTime } from '../trigger/zone/zone.ts'
import type { Incident } from './incident.ts'
import type { NoticeKind } from './notice.ts'

/** A length of time, rounded for people. */
export function spanInWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`
}

/** An instant in the zone of the schedule, if it has one, and in UTC. */
export function timeInWords(at: number, timezone: string | undefined): string {
  const utc = formatInstant(Math.trunc(at))
  if (timezone === undefined || timezone === 'UTC') return utc
  const { local, offset } = localTime(timezone, at)
  return `${local.replace('T', ' ')} ${offset} ${timezone} (${utc})`
}

/** What a notice says of one incident. */
export function incidentInWords(incident: Incident): string {
  const { subject, why, since, timezone, resolvedAt, missed } = incident
  const began = `${subject}: ${why}. Since ${timeInWords(since, timezone)}.`
  if (resolvedAt === undefined) return began
  const counted = missed === 0 ? '' : ` Counted meanwhile: ${missed}.`
  return `${began} Over at ${timeInWords(resolvedAt, timezone)}, after ${spanInWords(resolvedAt - since)}.${counted}`
}

const beginnings: Readonly<Record<NoticeKind, string>> = {
  opened: '',
  reopened: 'again: ',
  repeated: 'still: ',
  resolved: 'over: ',
  digest: 'during the quiet hours: ',
  test: 'test: '
}

/** The first line of a notice. */
export function titleInWords(kind: NoticeKind, incidents: readonly Incident[]): string {
  const [first] = incidents
  const rules = [...new Set(incidents.map(({ rule }) => rule))].join(', ')
  if (incidents.length === 1) return `${beginnings[kind]}${rules} ${first!.subject}`
  return `${beginnings[kind]}${rules} (${incidents.length})`
}
