import type { Incident } from '../../core/alerts/incident.ts'
import { keyOf, type DiscardSight, type FaultSight, type StartlessJob } from '../../core/alerts/rules/books-seen.ts'
import type { AlertPass, ClaimedNotice, NoticeClaim, NoticeReport, PassWrite, Waiting } from '../../store/alerts.ts'
import type { ReadSchedule } from '../../store/schedules.ts'
import type { AlertBooks, MemoryBooks } from './books.ts'
import { readSchedule } from './schedules.ts'
import { compareNumbers, compareTexts } from './sorted-list.ts'

export function takePass({ alerts }: MemoryBooks, everyMs: number, now: number): AlertPass | undefined {
  const { pass } = alerts
  if (pass.beganAt > now - everyMs && pass.beganAt <= now) return undefined
  alerts.pass = { ...pass, number: pass.number + 1, beganAt: now }
  return alerts.pass
}

export function writePass({ alerts }: MemoryBooks, write: PassWrite, now: number): 'written' | 'stale' {
  const { number, opened, changed, notices, memory } = write
  if (alerts.pass.number !== number || alerts.finished >= number) return 'stale'
  if (!fits(alerts, [...changed, ...opened])) return 'stale'
  for (const incident of [...changed, ...opened]) putIncident(alerts, incident)
  for (const { channel, notice } of notices)
    alerts.notices.set(notice.id, {
      notice,
      channel,
      dueAt: now,
      heldUntil: 0,
      fence: 0,
      tries: 0,
      problem: undefined,
      endedAt: undefined
    })
  drop(alerts, write)
  alerts.pass = { ...alerts.pass, finishedAt: now, memory }
  alerts.finished = number
  return 'written'
}

/** At most one is open for a rule and a subject, also among those that are written. */
function fits({ incidents }: AlertBooks, written: readonly Incident[]): boolean {
  const after = new Map(incidents)
  for (const incident of written) after.set(incident.id, incident)
  const open = [...after.values()].filter(({ resolvedAt }) => resolvedAt === undefined).map(keyOf)
  return new Set(open).size === open.length
}

function putIncident({ incidents }: AlertBooks, incident: Incident): void {
  const before = incidents.get(incident.id)
  if (before === undefined) {
    incidents.set(incident.id, incident)
    return
  }
  const { acknowledgedAt, acknowledgedBy } = incident.flaps > before.flaps ? incident : before
  incidents.set(incident.id, { ...incident, acknowledgedAt, acknowledgedBy, seenAt: before.seenAt })
}

function drop({ incidents, notices }: AlertBooks, write: PassWrite): void {
  for (const { id, resolvedAt, told } of incidents.values())
    if (told === 'over' && resolvedAt !== undefined && resolvedAt < write.dropIncidentsBefore) incidents.delete(id)
  for (const { notice, endedAt } of notices.values())
    if (endedAt !== undefined && endedAt < write.dropNoticesBefore) notices.delete(notice.id)
}

export const readIncidents = ({ alerts }: MemoryBooks, resolvedFrom: number): Incident[] =>
  [...alerts.incidents.values()]
    .filter(({ resolvedAt, told }) => resolvedAt === undefined || resolvedAt >= resolvedFrom || told !== 'over')
    .sort((a, b) => compareTexts(a.id, b.id))

export function reportIncident({ alerts }: MemoryBooks, incident: Incident, now: number): void {
  const key = keyOf(incident)
  const open = [...alerts.incidents.values()].find(each => each.resolvedAt === undefined && keyOf(each) === key)
  alerts.incidents.set(open?.id ?? incident.id, { ...(open ?? incident), seenAt: now })
}

export function acknowledgeIncident({ alerts }: MemoryBooks, id: string, by: string, now: number): boolean {
  const incident = alerts.incidents.get(id)
  if (incident === undefined || incident.resolvedAt !== undefined) return false
  alerts.incidents.set(id, { ...incident, acknowledgedAt: now, acknowledgedBy: by })
  return true
}

export function claimNotices({ alerts }: MemoryBooks, claim: NoticeClaim, now: number): ClaimedNotice[] {
  const { channels, limit, holdMs } = claim
  return [...alerts.notices.values()]
    .filter(({ endedAt, dueAt, heldUntil }) => endedAt === undefined && dueAt <= now && heldUntil <= now)
    .filter(({ channel }) => channels.includes(channel))
    .sort((a, b) => compareNumbers(a.notice.madeAt, b.notice.madeAt) || compareTexts(a.notice.id, b.notice.id))
    .slice(0, limit)
    .map(kept => {
      const { notice, channel, tries, fence } = kept
      alerts.notices.set(notice.id, { ...kept, fence: fence + 1, heldUntil: now + holdMs })
      return { notice, channel, fence: fence + 1, tries }
    })
}

export function settleNotice({ alerts }: MemoryBooks, report: NoticeReport, now: number): boolean {
  const { id, fence, problem, retryAt } = report
  const kept = alerts.notices.get(id)
  if (kept === undefined || kept.fence !== fence || kept.endedAt !== undefined) return false
  const endedAt = retryAt === undefined ? now : undefined
  const dueAt = retryAt ?? kept.dueAt
  alerts.notices.set(id, { ...kept, problem, endedAt, dueAt, heldUntil: 0, tries: kept.tries + 1 })
  return true
}

export function troubledChannels({ alerts }: MemoryBooks, tries: number): FaultSight[] {
  const inVain = [...alerts.notices.values()].filter(kept => kept.endedAt === undefined && kept.tries >= tries)
  return [...Map.groupBy(inVain, ({ channel }) => channel)]
    .sort(([a], [b]) => compareTexts(a, b))
    .map(([subject, kept]) => ({
      subject,
      since: Math.min(...kept.map(({ notice }) => notice.madeAt)),
      why: kept.map(({ problem }) => problem ?? '').reduce((a, b) => (compareTexts(a, b) < 0 ? b : a))
    }))
}

export function readWaiting(books: MemoryBooks, now: number): Waiting {
  const lanes = [...books.lanes.values()].flatMap(({ task, queue, waiting, ready, solo }) => {
    const runAts = [...[...ready.items, ...solo.items].map(({ runAt }) => runAt), waiting.first?.runAt ?? Infinity]
    const runAt = Math.min(...runAts)
    return runAt <= now ? [{ task, queue, runAt }] : []
  })
  const sorted = lanes.sort((a, b) => compareTexts(a.task, b.task) || compareTexts(a.queue, b.queue))
  return { lanes: sorted, pausedQueues: new Map(books.pausedQueues) }
}

export const startlessJobs = (books: MemoryBooks, before: number, limit: number): StartlessJob[] =>
  [...books.unfinished.values()]
    .filter(({ scheduleId, runAt, fence }) => scheduleId !== undefined && runAt < before && fence === undefined)
    .sort((a, b) => compareNumbers(a.runAt, b.runAt) || compareTexts(a.id, b.id))
    .slice(0, limit)
    .map(({ id, scheduleId, fireAt, runAt, task, queue }) => ({
      id,
      scheduleId: scheduleId!,
      fireAt,
      runAt,
      task,
      queue
    }))

export function schedulesThatMissed(books: MemoryBooks, from: number, limit: number): string[] {
  const rows = [...books.ledgers.values()].flatMap(({ items }) => items)
  const missed = rows.filter(({ outcome }) => outcome === 'misfired' || outcome === 'overlapped')
  const newest = missed.filter(row => row.decidedAt >= from).sort((a, b) => compareNumbers(b.decidedAt, a.decidedAt))
  return [...new Set(newest.slice(0, limit).map(({ scheduleId }) => scheduleId))]
}

export const discardedJobs = (books: MemoryBooks, from: number, limit: number): DiscardSight[] =>
  books.unsuccessful.items
    .filter(({ state, finishedAt }) => state === 'discarded' && finishedAt! >= from)
    .toReversed()
    .slice(0, limit)
    .map(({ id, task, scheduleId, fireAt, finishedAt, errors }) => {
      const problem = errors.at(-1)?.message
      return { id, task, scheduleId, fireAt, finishedAt: finishedAt!, problem }
    })

export const endlessSchedules = (books: MemoryBooks, limit: number): ReadSchedule[] =>
  [...books.schedules.values()]
    .filter(({ phase, nextFireAt }) => phase === 'active' && nextFireAt === undefined)
    .sort((a, b) => compareTexts(a.id, b.id))
    .slice(0, limit)
    .map(state => readSchedule(books, state))
