import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { website } from '../../examples/ship-tracker/web.ts'
import { sampleCall, sampleSources, sampleVisit, temporaryFolder } from './samples.ts'

const nasty = `</td><script>alert("1")</script>'`
const visit = { ...sampleVisit(), arrivals: 1 }

async function home(changes: Parameters<typeof sampleSources>[0] = {}) {
  const answer = await website(sampleSources(changes)).request('/')
  const text = await answer.text()
  return { answer, text, document: parse(text) }
}

test('a page on which nothing has happened yet says what to expect', async () => {
  const { answer, document } = await home()
  expect(answer.status).toBe(200)
  expect(document.querySelector('#arrivals')?.textContent).toContain('Nothing has been fetched yet')
  expect(document.querySelector('#picture')?.textContent).toContain('There is no picture yet')
  expect(document.querySelector('#next-runs')?.textContent).toContain('No schedule is known yet')
  expect(document.querySelector('#last-runs')?.textContent).toContain('No fire time has passed yet')
})

test('whatever the harbour, the browser or a schedule is called, it stays text', async () => {
  const pictureFile = join(temporaryFolder(), 'current.bmp')
  writeFileSync(pictureFile, 'BM')
  const line = { ...sampleCall({ call: nasty, ship: nasty, origin: nasty, berth: nasty }), isNew: false }
  const { text, document } = await home({
    pictureFile,
    arrivals: () => Promise.resolve([line]),
    visits: () => Promise.resolve([{ ...visit, picture: { taken: false, note: nasty } }]),
    upcoming: () => Promise.resolve([{ id: nasty, nextFireAt: null, pausedAt: null }]),
    fires: () => Promise.resolve([{ fireAt: 0, lastFireAt: 0, count: 1, outcome: 'fired', jobState: nasty }])
  })
  expect(text).not.toContain('<script>alert')
  expect(document.querySelectorAll('script').map(script => script.getAttribute('src'))).toEqual(['/live.js'])
  expect(document.querySelectorAll('#arrivals tbody tr > *')).toHaveLength(5)
  expect(document.querySelectorAll('#arrivals tbody td').map(cell => cell.textContent)).toContain(nasty)
  expect(document.querySelector('#picture img')?.getAttribute('alt')).toBe(`No photograph: ${nasty}`)
  expect(document.querySelector('#next-runs dt')?.textContent).toBe(nasty)
})

test('a missing photograph is told on the page, with the reason', async () => {
  const pictureFile = join(temporaryFolder(), 'current.bmp')
  writeFileSync(pictureFile, 'BM')
  const { document } = await home({
    pictureFile,
    visits: () => Promise.resolve([{ ...visit, picture: { taken: false, note: 'No Chromium is installed.' } }])
  })
  expect(document.querySelector('#picture .warning')?.textContent).toContain('No photograph: No Chromium is installed.')
})

test('the next run is told; one that is overdue asks for a scheduler; a paused one says so', async () => {
  const now = Date.now()
  const { document } = await home({
    upcoming: () =>
      Promise.resolve([
        { id: 'soon', nextFireAt: now + 3 * 3_600_000 + 5_000, pausedAt: null },
        { id: 'late', nextFireAt: now - 120_000, pausedAt: null },
        { id: 'held', nextFireAt: null, pausedAt: now }
      ])
  })
  const [soon, late, held] = document.querySelectorAll('#next-runs dd').map(line => line.textContent)
  expect(soon).toContain('in 3 hours')
  expect(late).toContain('is a scheduler process running?')
  expect(held).toContain('paused since')
})

test('last runs join the fire times, the visits that answer them, and those at a start', async () => {
  const at = visit.fireAt ?? 0
  const hour = 3_600_000
  const { document } = await home({
    visits: () =>
      Promise.resolve([visit, { ...visit, key: 'start', fireAt: null, visitedAt: at - 2 * hour, arrivals: 7 }]),
    fires: () =>
      Promise.resolve([
        { fireAt: at, lastFireAt: at, count: 1, outcome: 'fired', jobState: 'completed' },
        { fireAt: at - hour, lastFireAt: at - hour, count: 1, outcome: 'fired', jobState: 'retryable' },
        { fireAt: at - 20 * hour, lastFireAt: at - 10 * hour, count: 4, outcome: 'misfired', jobState: null }
      ])
  })
  const lines = document.querySelectorAll('#last-runs li').map(line => line.textContent.replace(/\s+/g, ' ').trim())
  expect(lines).toEqual([
    'Sun 06:00:00 fired 1 ships, 1.0 s after it, with a picture',
    'Sun 05:00:00 fired its job is retryable',
    'Sun 04:00:00 at start 7 ships, with a picture',
    '4 times from Sat 10:00:00 to Sat 20:00:00 misfired found later than its grace'
  ])
})

test('the picture is served as it is on the disk and kept by no cache; before the first one there are words', async () => {
  const pictureFile = join(temporaryFolder(), 'current.bmp')
  const app = website(sampleSources({ pictureFile }))
  const early = await app.request('/current.bmp')
  expect([early.status, await early.text()]).toEqual([404, expect.stringContaining('There is no picture yet')])
  writeFileSync(pictureFile, Uint8Array.of(66, 77, 0, 255))
  const answer = await app.request('/current.bmp')
  expect(Object.fromEntries(answer.headers)).toMatchObject({ 'content-type': 'image/bmp', 'cache-control': 'no-store' })
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(Uint8Array.of(66, 77, 0, 255))
})

test('the page allows nothing but its own style, script and picture', async () => {
  const { answer } = await home()
  expect(answer.headers.get('content-security-policy')).toContain(
    "default-src 'none'; img-src 'self'; style-src 'self'"
  )
  const types = { 'style.css': 'text/css', 'live.js': 'text/javascript', 'icon.svg': 'image/svg+xml' }
  for (const [name, type] of Object.entries(types)) {
    const asset = await website(sampleSources()).request(`/${name}`)
    expect([asset.status, asset.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`])
  }
})

test('health tells the schedules, and is 503 when the database cannot be read', async () => {
  const nextFireAt = Date.UTC(2026, 2, 8, 12)
  const upcoming = () => Promise.resolve([{ id: 'ship-arrivals', nextFireAt, pausedAt: null }])
  const well = await website(sampleSources({ upcoming, visits: () => Promise.resolve([visit]) })).request('/health')
  expect([well.status, await well.json()]).toEqual([
    200,
    {
      status: 'ok',
      time: expect.any(String),
      lastVisitAt: '2026-03-08T06:00:01.000Z',
      schedules: [{ id: 'ship-arrivals', nextFireAt: '2026-03-08T12:00:00.000Z' }]
    }
  ])
  const unwell = await website(sampleSources({ upcoming: () => Promise.reject(new Error('disk gone')) })).request(
    '/health'
  )
  expect([unwell.status, await unwell.json()]).toEqual([503, expect.objectContaining({ reason: 'disk gone' })])
})

test('while it stops, people are turned away and the harbour still answers the visit that is under way', async () => {
  const app = website(sampleSources({ isStopping: () => true }))
  for (const path of ['/', '/current.bmp', '/health']) {
    const answer = await app.request(path)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  }
  expect((await app.request('/harbour')).status).toBe(200)
})
