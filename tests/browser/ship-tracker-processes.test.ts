import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-bmp'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ArrivalsBook, type VisitLine } from '../../examples/ship-tracker/arrivals.ts'
import { findChromium, launchChromium } from '../../examples/ship-tracker/chromium.ts'
import { PICTURE_SIZE } from '../../examples/ship-tracker/picture.ts'
import { ensureBuilt } from '../../scripts/built.ts'
import { temporaryFolder } from '../ship-tracker/samples.ts'
import { TrackerProcess } from './tracker-process.ts'

// The browser has to start, and two processes have to agree, on a machine that may be busy with other tests.
const patient = { timeout: 60_000, interval: 100 }
let browser: Browser

beforeAll(async () => {
  expect(ensureBuilt()).toBe(true)
  browser = await launchChromium(findChromium() ?? '')
})
afterAll(() => browser.close())

/** A deployment's folder, the environment that its processes share, and what is in its books. */
function deployment(env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder()
  const file = join(folder, 'ships.db')
  const visits = (): VisitLine[] => {
    const book = new ArrivalsBook(file)
    try {
      return book.visits(1_000)
    } finally {
      book.close()
    }
  }
  return {
    env: { DATABASE_URL: `sqlite:${file}`, SHIP_EVERY: '5s', ...env },
    picture: join(folder, 'current.bmp'),
    visits
  }
}

function fireTimes(visits: readonly VisitLine[]): number[] {
  return visits.flatMap(({ fireAt }) => (fireAt === null ? [] : [fireAt]))
}

function expectEachOnce(visits: readonly VisitLine[]): void {
  const times = fireTimes(visits)
  expect(times.length).toBeGreaterThan(0)
  expect(new Set(times).size).toBe(times.length)
  expect(times.every(at => at % 5_000 === 0)).toBe(true)
}

test('one process fetches at its start and every five seconds, shows it all, and stops in order', async () => {
  const { env, picture, visits } = deployment()
  const tracker = new TrackerProcess(env)
  const page = await browser.newPage()
  await page.goto(await tracker.url)
  await page.locator('#last-runs').getByText('at start').waitFor({ timeout: 60_000 })
  await page.locator('#last-runs .fired + .note').getByText('with a picture').first().waitFor({ timeout: 60_000 })
  const [last] = visits()
  expect(await page.locator('#arrivals tbody tr').count()).toBeGreaterThan(5)
  expect(last?.picture.taken).toBe(true)
  await expect
    .poll(() => page.evaluate("document.querySelector('#picture img')?.naturalWidth"), patient)
    .toBe(PICTURE_SIZE.width)
  expect(await page.locator('#next-runs dt').allInnerTexts()).toEqual(['ship-arrivals'])
  expect(await tracker.stop()).toBe(0)
  expectEachOnce(visits())
  expect(decode(readFileSync(picture))).toMatchObject(PICTURE_SIZE)
})

test('web processes only serve what the one scheduler process fetches', async () => {
  const { env, visits } = deployment()
  const webs = [1, 2].map(() => new TrackerProcess({ ...env, ENABLE_SCHEDULER: 'false' }))
  for (const web of webs) expect(await (await web.get('/')).text()).toContain('Nothing has been fetched yet')
  const scheduler = new TrackerProcess({ ...env, ENABLE_SCHEDULER: 'true' })
  await expect.poll(() => fireTimes(visits()).length, patient).toBeGreaterThan(0)
  // Each process has a harbour of its own, so the address of a visit tells who made it.
  const harbour = `${await scheduler.url}/harbour`
  expect(await scheduler.stop()).toBe(0)
  expect(new Set(visits().map(({ url }) => url))).toEqual(new Set([harbour]))
  expectEachOnce(visits())
  const pages = await Promise.all(webs.map(async web => (await web.get('/')).text()))
  for (const page of pages) expect(page).toContain('with a picture')
  const pictures = await Promise.all(
    webs.map(async web => Buffer.from(await (await web.get('/current.bmp')).arrayBuffer()))
  )
  for (const picture of pictures) expect(decode(picture)).toMatchObject(PICTURE_SIZE)
  expect(await Promise.all(webs.map(web => web.stop('SIGINT')))).toEqual([0, 0])
})

test('a second scheduler takes over from one that is killed, and no fire time is fetched twice', async () => {
  const { env, visits } = deployment()
  const first = new TrackerProcess({ ...env, ENABLE_SCHEDULER: 'true' })
  await expect.poll(() => visits().length, patient).toBeGreaterThan(0)
  const second = new TrackerProcess({ ...env, ENABLE_SCHEDULER: 'true' })
  await second.url
  await first.stop('SIGKILL')
  const known = visits().length
  await expect.poll(() => visits().length, patient).toBeGreaterThan(known + 1)
  expect(await second.stop()).toBe(0)
  expectEachOnce(visits())
})

test('without a Chromium the tracker runs on, and page and picture say why there is no photograph', async () => {
  const { env, visits } = deployment({ CHROMIUM_PATH: '/no/such/chromium' })
  const tracker = new TrackerProcess(env)
  await tracker.url
  await expect.poll(() => visits().length, patient).toBeGreaterThan(0)
  expect(visits()[0]?.picture).toEqual({
    taken: false,
    note: expect.stringContaining('Chromium at /no/such/chromium could not be started')
  })
  expect(await (await tracker.get('/')).text()).toContain('No photograph: Chromium at /no/such/chromium')
  expect(decode(Buffer.from(await (await tracker.get('/current.bmp')).arrayBuffer()))).toMatchObject(PICTURE_SIZE)
  expect(await tracker.stop()).toBe(0)
})

test('a taken port and a wrong setting end the process with one clear line', async () => {
  const { env } = deployment()
  const tracker = new TrackerProcess(env)
  const { port } = new URL(await tracker.url)
  const second = new TrackerProcess({ ...env, PORT: port })
  expect(await second.exitCode).toBe(1)
  expect(second.output()).toContain(`ship tracker: Port ${port} of 127.0.0.1 is taken by another process`)
  const third = new TrackerProcess({ ...env, PORT: 'eighty' })
  expect(await third.exitCode).toBe(1)
  expect(third.output()).toBe('ship tracker: PORT is "eighty"; it takes a whole number from 0 to 65535')
})
