import { isMuted, isQuiet, type MuteWindow, type QuietHours } from './hush.ts'
import { FLAP_MS, type Incident, repeatAt } from './incident.ts'
import type { Notice, NoticeForChannel, NoticeKind } from './notice.ts'
import type { AlertRule } from './rule.ts'
import { incidentInWords, titleInWords } from './words.ts'

/** So many openings of a rule within `STORM_MS` are told one by one; more are one notice. */
const STORM_FROM = 5
const STORM_MS = 30_000
const MAX_NAMED = 20

/** When each rule had its last storm, by rule. */
export type Storms = Readonly<Partial<Record<AlertRule, number>>>

export interface Telling {
  readonly now: number
  /** Part of the ids of the notices, which no other pass has. */
  readonly pass: number
  readonly storms: Storms
  readonly channels: readonly string[]
  readonly critical: ReadonlySet<AlertRule>
  readonly quietHours: QuietHours | undefined
  readonly mutes: readonly MuteWindow[]
}

export interface Tidings {
  readonly notices: readonly NoticeForChannel[]
  /** The incidents that were told of, held back or muted, as they are from now on. */
  readonly changed: readonly Incident[]
  readonly storms: Storms
}

/** What there is to tell of an incident, if anything. */
function newsOf(incident: Incident, now: number): NoticeKind | undefined {
  const { told, resolvedAt, flaps, acknowledgedAt, isHeld } = incident
  if (resolvedAt !== undefined) {
    if (told === 'nothing') return 'resolved'
    // One that comes and goes is over when it has stayed away.
    return told === 'open' && (flaps === 0 || isHeld || resolvedAt + FLAP_MS <= now) ? 'resolved' : undefined
  }
  if (told === 'nothing') return 'opened'
  if (told === 'over') return 'reopened'
  return acknowledgedAt === undefined && repeatAt(incident) <= now ? 'repeated' : undefined
}

/** Says what is to be told now, to which channels, and what waits. */
export function tell(incidents: readonly Incident[], telling: Telling): Tidings {
  const { now, critical, mutes } = telling
  const news = incidents.flatMap(incident => {
    const kind = newsOf(incident, now)
    return kind === undefined ? [] : [{ incident, kind }]
  })
  const isSilent = (incident: Incident): boolean => isMuted(mutes, incident, now)
  const muted = news.filter(({ incident }) => isSilent(incident)).map(({ incident }) => incident)
  const audible = news.filter(({ incident }) => !isSilent(incident))
  const isNow = ({ rule }: Incident): boolean => critical.has(rule) || !isQuiet(telling.quietHours, now)
  const held = audible.filter(({ incident }) => !isNow(incident)).map(({ incident }) => incident)
  const loud = audible.filter(({ incident }) => isNow(incident))
  const digest = loud.filter(({ incident }) => incident.isHeld)
  const storms = stormsIn(incidents, telling)
  const single = loud.filter(({ incident }) => !incident.isHeld)
  const waits = ({ incident: { rule }, kind }: News): boolean =>
    kind === 'opened' && (telling.storms[rule] ?? -Infinity) + STORM_MS > now
  const groups = groupsOf(
    single.filter(each => !waits(each)),
    storms
  )
  if (digest.length > 0) groups.unshift(digest.map(({ incident }) => ({ incident, kind: 'digest' as const })))
  return {
    notices: groups.flatMap((group, index) => noticesOf(group, index, telling)),
    changed: [
      ...muted.filter(({ resolvedAt }) => resolvedAt !== undefined).map(toldOf),
      ...held.filter(({ isHeld }) => !isHeld).map(incident => ({ ...incident, isHeld: true })),
      ...groups.flat().map(({ incident }) => afterNotice(incident, now))
    ],
    storms: {
      ...recentOf(telling),
      ...Object.fromEntries([...storms].filter(rule => hasOpening(groups, rule)).map(rule => [rule, now]))
    }
  }
}

interface News {
  readonly incident: Incident
  readonly kind: NoticeKind
}

const hasOpening = (groups: readonly (readonly News[])[], rule: AlertRule): boolean =>
  groups.some(group => group[0]?.kind === 'opened' && group[0].incident.rule === rule)

const recentOf = ({ storms, now }: Telling): Storms =>
  Object.fromEntries(Object.entries(storms).filter(([, at]) => at + STORM_MS > now))

function stormsIn(incidents: readonly Incident[], { now }: Telling): ReadonlySet<AlertRule> {
  const opened = incidents.filter(({ openedAt }) => openedAt > now - STORM_MS)
  const byRule = Map.groupBy(opened, ({ rule }) => rule)
  return new Set([...byRule].filter(([, { length }]) => length > STORM_FROM).map(([rule]) => rule))
}

/** Many of one rule at once are one notice; so are all openings of a rule that storms. */
function groupsOf(news: readonly News[], storms: ReadonlySet<AlertRule>): News[][] {
  const alike = Map.groupBy(news, ({ incident, kind }) => `${incident.rule} ${kind}`)
  return [...alike.values()].flatMap(group => {
    const [{ incident, kind }] = group as [News, ...News[]]
    const isOne = group.length > STORM_FROM || (kind === 'opened' && storms.has(incident.rule))
    return isOne ? [group] : group.map(each => [each])
  })
}

const toldOf = (incident: Incident): Incident => ({
  ...incident,
  told: incident.resolvedAt === undefined ? 'open' : 'over',
  isHeld: false
})

/** Repeats that were due meanwhile are not made up for. */
function afterNotice(incident: Incident, now: number): Incident {
  let { repeats } = incident
  while (repeatAt({ ...incident, repeats }) <= now) repeats += 1
  return toldOf({ ...incident, repeats })
}

function noticesOf(group: readonly News[], index: number, telling: Telling): NoticeForChannel[] {
  const incidents = group.map(({ incident }) => incident)
  const [{ kind }] = group as [News, ...News[]]
  const rules = new Set(incidents.map(({ rule }) => rule))
  const notice: Omit<Notice, 'id'> = {
    kind,
    rule: rules.size === 1 ? incidents[0]!.rule : undefined,
    isCritical: incidents.some(({ rule }) => telling.critical.has(rule)),
    madeAt: telling.now,
    title: titleInWords(kind, incidents),
    text: textOf(incidents),
    incidents: incidents.slice(0, MAX_NAMED).map(incident => {
      const { id, rule, subject, openedAt, resolvedAt } = incident
      return { id, rule, subject, openedAt, resolvedAt, text: incidentInWords(incident) }
    }),
    more: Math.max(0, incidents.length - MAX_NAMED)
  }
  // A channel that fails can't say so itself.
  const failing = incidents.filter(({ rule }) => rule === 'channel-failing').map(({ subject }) => subject)
  const isWhole = failing.length === incidents.length
  return telling.channels
    .filter(channel => !isWhole || !failing.includes(channel))
    .map(channel => ({ channel, notice: { ...notice, id: `${telling.pass}.${index}.${channel}` } }))
}

function textOf(incidents: readonly Incident[]): string {
  const lines = incidents.slice(0, MAX_NAMED).map(incidentInWords)
  const more = incidents.length - lines.length
  return [...lines, ...(more > 0 ? [`And ${more} more.`] : [])].join('\n')
}
