import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { harbourSite } from '../../examples/ship-tracker/harbour-site.ts'
import { HarbourPageChanged, readArrivals, scrapeArrivals } from '../../examples/ship-tracker/scraper.ts'
import { listen } from '../../examples/ship-tracker/server.ts'
import { callsAt } from '../../examples/ship-tracker/timetable.ts'

const noon = Date.UTC(2026, 2, 8, 12)
const never = new AbortController().signal

async function serving(site: Hono): Promise<string> {
  const server = await listen(site, '127.0.0.1', 0)
  onTestFinished(() => server.close())
  return server.url
}

function harbourHtml(): Promise<string> {
  return Promise.resolve(harbourSite(() => noon).request('/')).then(answer => answer.text())
}

test('what is scraped from the served page is what the harbour knows', async () => {
  const url = await serving(harbourSite(() => noon))
  const calls = await scrapeArrivals(url, never)
  expect(calls).toEqual(callsAt(noon))
  expect(calls.length).toBeGreaterThan(5)
})

test('names with marks of HTML in them come through as they are', async () => {
  const html = (await harbourHtml()).replace('Grain Pier', '&lt;b&gt;Pier &amp; &quot;Quay&quot;&lt;/b&gt;')
  expect(readArrivals(html).map(({ berth }) => berth)).toContain('<b>Pier & "Quay"</b>')
})

test('columns are found by their titles, wherever they stand', () => {
  const titles = ['Progress', 'ETA', 'Notes', 'Miles off', 'Berth', 'From', 'Ship', 'Call']
  const cells = [
    'berthed',
    '<time datetime="2026-03-08T12:00:00Z">noon</time>',
    '',
    '0',
    'Pier',
    'Leith',
    'Tern',
    'HV-9'
  ]
  const html = `<table id="arrivals"><thead><tr>${titles.map(title => `<th>${title}</th>`).join('')}</tr></thead>
    <tbody><tr>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr></tbody></table>`
  expect(readArrivals(html)).toEqual([
    { call: 'HV-9', ship: 'Tern', origin: 'Leith', berth: 'Pier', etaAt: noon, milesOff: 0, progress: 'berthed' }
  ])
})

test('an empty harbour is not an error', async () => {
  const html = (await harbourHtml()).replace(/<tbody>[^]*<\/tbody>/, '<tbody></tbody>')
  expect(readArrivals(html)).toEqual([])
})

test.each([
  ['no table', /<table[^]*<\/table>/, '', 'The page has no table with the id "arrivals"'],
  ['no column', '>Berth<', '>Quay<', 'no column "Berth"; it has "Call", "Ship", "From", "Quay"'],
  ['an empty cell', /<td>HV-\d+<\/td>/, '<td> </td>', 'Row 1 of the arrivals table has nothing under "Call"'],
  ['no time', /<tbody>([^]*?)datetime="[^"]*"/, '<tbody>$1datetime="soon"', 'Row 1: the ETA'],
  ['no distance', />\d+\.\d</, '>far<', '"far" under "Miles off" is not a distance'],
  ['a new word', '>berthed<', '>sunk<', '"sunk" under "Progress" is not one of the three that are known'],
  ['a repeated call', /(<tr class[^]*?<\/tr>)/, '$1$1', 'is in the table twice']
])('a page that changed is named: %s', async (_, from, to, message) => {
  const changed = (await harbourHtml()).replace(from, to)
  expect(() => readArrivals(changed)).toThrow(HarbourPageChanged)
  expect(() => readArrivals(changed)).toThrow(message)
})

test('an answer that is no page is named with its status or its type', async () => {
  const site = new Hono()
  site.get('/down', context => context.text('closed for lunch', 503))
  site.get('/json', context => context.json({ ships: [] }))
  const url = await serving(site)
  await expect(scrapeArrivals(`${url}/down`, never)).rejects.toThrow(`${url}/down answered 503`)
  await expect(scrapeArrivals(`${url}/json`, never)).rejects.toThrow('is application/json, not text/html')
})

test('a harbour that cannot be reached is named with the cause', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  const url = `http://127.0.0.1:${port}/`
  await expect(scrapeArrivals(url, never)).rejects.toThrow(
    `The harbour's page ${url} could not be fetched: connect ECONNREFUSED`
  )
})

test('the signal ends a scrape that is waiting for its answer, with the reason of the signal', async () => {
  const arrived = Promise.withResolvers<void>()
  const server = createServer(() => arrived.resolve())
  onTestFinished(() => server.close().closeAllConnections())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const abort = new AbortController()
  const scrape = scrapeArrivals(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, abort.signal)
  await arrived.promise
  abort.abort(new Error('out of time'))
  await expect(scrape).rejects.toThrow('out of time')
})
