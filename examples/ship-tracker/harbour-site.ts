import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { type ShipCall, callsAt } from './timetable.ts'

export const HARBOUR_PATH = '/harbour'

/**
 * A little site that stands in for a port authority's: plain pages whose ships move with the clock. The tracker knows
 * nothing of it but its address, and `HARBOUR_URL` puts another page in its place.
 */
export function harbourSite(now: () => number = Date.now): Hono {
  return new Hono().get('/', context => context.html(arrivalsPage(now())))
}

function arrivalsPage(now: number) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Arrivals · Port of Havnvik</title>
        <style>
          ${raw(css)}
        </style>
      </head>
      <body>
        <header>
          <p class="crest" aria-hidden="true">⚓</p>
          <div>
            <h1>Port of Havnvik</h1>
            <p>Harbour master's office · ships arriving</p>
          </div>
          <p class="clock">Issued <time datetime="${new Date(now).toISOString()}">${issued.format(now)}</time></p>
        </header>
        <table id="arrivals">
          <caption>
            Arrivals, last 2 and next 8 hours (UTC)
          </caption>
          <thead>
            <tr>
              <th scope="col">Call</th>
              <th scope="col">Ship</th>
              <th scope="col">From</th>
              <th scope="col">Berth</th>
              <th scope="col">ETA</th>
              <th scope="col">Miles off</th>
              <th scope="col">Progress</th>
            </tr>
          </thead>
          <tbody>
            ${callsAt(now).map(row)}
          </tbody>
        </table>
      </body>
    </html>`
}

function row(call: ShipCall) {
  return html`<tr class="${call.progress === 'berthed' ? 'in' : ''}">
    <td>${call.call}</td>
    <th scope="row">${call.ship}</th>
    <td>${call.origin}</td>
    <td>${call.berth}</td>
    <td><time datetime="${new Date(call.etaAt).toISOString()}">${harbourTime(call.etaAt)}</time></td>
    <td class="number">${call.milesOff.toFixed(1)}</td>
    <td>${call.progress}</td>
  </tr> `
}

const clock = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC'
})
const issued = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })

function harbourTime(at: number): string {
  return clock.format(at).replace(',', '')
}

const css = `
body { margin: 0; font: 15px/1.35 Verdana, 'DejaVu Sans', sans-serif; color: #12263a; background: #eef3f7 }
header { display: flex; align-items: center; gap: 1rem; padding: .7rem 1.2rem; color: #fff; background: #14406b; border-bottom: 5px solid #e0a526 }
header p, h1 { margin: 0 } h1 { font: bold 1.6rem/1.2 Georgia, 'DejaVu Serif', serif }
.crest { font-size: 2.2rem } .clock { margin-left: auto }
table { margin: 1rem 1.2rem; width: calc(100% - 2.4rem); border-collapse: collapse; background: #fff; font-size: .88rem }
caption { text-align: left; padding: .3rem 0; font-weight: bold }
th, td { padding: .34rem .6rem; text-align: left; border-bottom: 1px solid #cfdbe6 }
thead th { background: #d7e4f0 } .number { text-align: right; padding-right: 2rem } .in { color: #5b6b7a; background: #f4f7f9 }
`
