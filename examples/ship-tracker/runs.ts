import { html } from 'hono/html'
import type { VisitLine } from './arrivals.ts'
import { moment } from './moments.ts'

/** What became of a fire time, or of a run of them that met the same fate: a line of Escapement's ledger. */
export interface FireLine {
  fireAt: number
  lastFireAt: number
  count: number
  outcome: string
  /** How the job stands that was created from it; null when there is none, or no longer. */
  jobState: string | null
}

interface Run {
  at: number
  fire: FireLine | undefined
  visit: VisitLine | undefined
}

const SHOWN_RUNS = 8

const reasons: Readonly<Record<string, string>> = {
  coalesced: 'another fire time stood for it',
  misfired: 'found later than its grace',
  overlapped: 'the visit before it was still going on',
  paused: 'the schedule was paused',
  excluded: 'left out by a calendar'
}

/** The latest runs: every fire time with what became of it, and the visits that were made at a start or by hand. */
export function lastRuns(fires: readonly FireLine[], visits: readonly VisitLine[]) {
  const runs = runsOf(fires, visits)
  return html`<section id="last-runs" aria-labelledby="last-title">
    <h2 id="last-title">Last runs</h2>
    ${runs.length === 0 ? html`<p class="empty">No fire time has passed yet.</p>` : ''}
    <ol>
      ${runs.map(line)}
    </ol>
  </section>`
}

function runsOf(fires: readonly FireLine[], visits: readonly VisitLine[]): Run[] {
  const fired = fires.map(fire => {
    const visit = fire.outcome === 'fired' ? visits.find(({ fireAt }) => fireAt === fire.fireAt) : undefined
    return { at: fire.lastFireAt, fire, visit }
  })
  const others = visits.filter(({ fireAt }) => fireAt === null)
  const unscheduled = others.map(visit => ({ at: visit.visitedAt, fire: undefined, visit }))
  return [...fired, ...unscheduled].sort((a, b) => b.at - a.at).slice(0, SHOWN_RUNS)
}

function line({ at, fire, visit }: Run) {
  const outcome = fire?.outcome ?? 'at start'
  const many = fire && fire.count > 1 ? html`${fire.count} times from ${moment(fire.fireAt)} to ` : ''
  return html`<li>
    ${many}${moment(at)} <b class="outcome ${outcome}">${outcome}</b>
    <span class="note">${visit ? visitNote(visit, at) : missingNote(fire)}</span>
  </li> `
}

function visitNote({ visitedAt, arrivals, picture }: VisitLine, at: number) {
  const lateSeconds = Math.max(0, (visitedAt - at) / 1_000).toFixed(1)
  const late = visitedAt === at ? '' : `, ${lateSeconds} s after it`
  return `${arrivals} ships${late}, ${picture.taken ? 'with a picture' : 'no photograph'}`
}

function missingNote(fire: FireLine | undefined): string {
  if (fire?.outcome !== 'fired') return reasons[fire?.outcome ?? ''] ?? ''
  return fire.jobState === null ? '' : `its job is ${fire.jobState}`
}
