import { html } from 'hono/html'
import type { ArrivalLine, VisitLine } from './arrivals.ts'
import { HARBOUR_PATH } from './harbour-site.ts'
import { distance, instant, moment } from './moments.ts'
import { type FireLine, lastRuns } from './runs.ts'

/** A schedule and when it fires next, in epoch ms; null when it never will or while it is paused. */
export interface Upcoming {
  id: string
  nextFireAt: number | null
  pausedAt: number | null
}

export interface View {
  now: number
  arrivals: readonly ArrivalLine[]
  visits: readonly VisitLine[]
  upcoming: readonly Upcoming[]
  fires: readonly FireLine[]
  hasPicture: boolean
}

const OVERDUE_MS = 30_000

export function page(view: View) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Ship tracker</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style.css" />
        <script src="/live.js" defer></script>
        <noscript><meta http-equiv="refresh" content="30" /></noscript>
      </head>
      <body>
        <header>
          <div class="wrap">
            <h1>Ship tracker</h1>
            <p>Who is coming in, read from <a href="${sourceUrl(view)}">the harbour's page</a></p>
          </div>
        </header>
        <main class="wrap">
          ${arrivals(view)} ${picture(view)} ${nextRuns(view)} ${lastRuns(view.fires, view.visits)}
        </main>
        <footer class="wrap">
          <p>
            Times are UTC. Whichever process answers, this page is made from the same database.
            <a href="/health">Health</a> · <a href="${HARBOUR_PATH}">the harbour site of this process</a>
          </p>
        </footer>
      </body>
    </html>`
}

/** The last visit's page, if it was another's; our own stand-in may have been served by a process that is gone. */
function sourceUrl({ visits }: View): string {
  const last = visits[0]?.url
  return last === undefined || new URL(last).pathname === HARBOUR_PATH ? HARBOUR_PATH : last
}

function arrivals({ arrivals: lines, visits, now }: View) {
  const last = visits[0]
  if (last === undefined)
    return html`<section id="arrivals" aria-labelledby="arrivals-title">
      <h2 id="arrivals-title">Arrivals</h2>
      <p class="empty">Nothing has been fetched yet. The first visit to the harbour fills this table.</p>
    </section>`
  return html`<section id="arrivals" aria-labelledby="arrivals-title">
    <h2 id="arrivals-title">Arrivals</h2>
    <p class="note">${lines.length} ships, as of ${moment(last.visitedAt)} (${distance(last.visitedAt, now)})</p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="arrivals-title">
      <table>
        <thead>
          <tr>
            <th scope="col">Ship</th>
            <th scope="col">ETA</th>
            <th scope="col">Progress</th>
            <th scope="col">Berth</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          ${lines.map(arrivalRow)}
        </tbody>
      </table>
    </div>
  </section>`
}

function arrivalRow(line: ArrivalLine) {
  const progress = { berthed: 'in', 'at the pilot station': 'near', expected: 'far' }[line.progress]
  return html`<tr>
    <th scope="row">
      ${line.ship} ${line.isNew ? html`<span class="new">new</span>` : ''}<span class="aside">${line.call}</span>
    </th>
    <td>${instant(line.etaAt)}</td>
    <td>
      <span class="progress ${progress}">${line.progress}</span>
      ${line.milesOff > 0 ? html`<span class="aside">${line.milesOff.toFixed(1)} miles off</span>` : ''}
    </td>
    <td>${line.berth}</td>
    <td>${line.origin}</td>
  </tr> `
}

function picture({ visits, hasPicture }: View) {
  const last = visits[0]
  if (!hasPicture)
    return html`<section id="picture" aria-labelledby="picture-title">
      <h2 id="picture-title">Picture</h2>
      <p class="empty">There is no picture yet. The first visit to the harbour takes one.</p>
    </section>`
  const isMissing = last?.picture.taken === false
  const description = isMissing
    ? `No photograph: ${last.picture.note}`
    : "A photograph of the harbour's page at the last visit: the ships arriving, as a table"
  return html`<section id="picture" aria-labelledby="picture-title">
    <h2 id="picture-title">Picture</h2>
    <figure>
      <img src="/current.bmp?visit=${last?.visitedAt ?? 0}" alt="${description}" width="960" height="600" />
      <figcaption class="${isMissing ? 'warning' : ''}">
        ${isMissing ? description : html`Taken ${last ? moment(last.visitedAt) : ''}`} ·
        <a href="/current.bmp">current.bmp</a>
      </figcaption>
    </figure>
  </section>`
}

function nextRuns({ upcoming, now }: View) {
  return html`<section id="next-runs" aria-labelledby="next-title">
    <h2 id="next-title">Next runs</h2>
    <dl>
      ${upcoming.map(
        line =>
          html`<dt>${line.id}</dt>
            <dd>${nextRun(line, now)}</dd>`
      )}
    </dl>
    ${upcoming.length === 0 ? html`<p class="empty">No schedule is known yet: has a scheduler process been started?</p>` : ''}
  </section>`
}

function nextRun({ nextFireAt, pausedAt }: Upcoming, now: number) {
  if (pausedAt !== null) return html`paused since ${moment(pausedAt)}`
  if (nextFireAt === null) return 'never again'
  if (nextFireAt > now - OVERDUE_MS) return html`${moment(nextFireAt)} (${distance(nextFireAt, now)})`
  return html`<span class="warning">due since ${moment(nextFireAt)}: is a scheduler process running?</span>`
}
