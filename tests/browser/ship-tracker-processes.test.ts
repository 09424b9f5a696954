import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-bmp'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { VisitLine } from '../../examples/ship-tracker/arrivals.ts'
import { openArrivals } from '../../examples/ship-tracker/open-arrivals.ts'
import { findChromium, launchChromium } from '../../examples/ship-tracker/chromium.ts'
import { PICTURE_SIZE } from '../../examples/ship-tracker/picture.ts'
import { readSettings } from '../../examples/ship-tracker/settings.ts'
import { ensureBuilt } from '../../scripts/built.ts'
import { freshDatabase } from '../stores/postgres/server.ts'
import { temporaryFolder } from '../ship-tracker/samples.ts'
import { TrackerProcess } from './tracker-process.ts'

// The browser has to start, and two processes have to agree, on a machine that may be busy with other tests.
const patient = { timeout: 240_000, interval: 100 }
let browser: Browser

beforeAll(async () => {
  expect(ensureBuilt()).toBe(true)
  browser = await launchChromium(findChromium() ?? '')
})
afterAll(() => browser.close())

/** A deployment's folder, the environment that its processes share, and what is in its books. */
function deployment(env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder()
  const shared = {
    DATABASE_URL: `sqlite:${join(folder, 'ships.db')}`,
    SHIP_PICTURE: join(folder, 'current.bmp'),
    ...env
  }
  const { database, pictureFile } = readSettings(shared)
  const visits = async (): Promise<VisitLine[]> => {
    const book = await openArrivals(database)
    try {
      return await book.visits(1_000)
    } finally {
      await book.close()
    }
  }
  return { env: { SHIP_EVERY: '5s', ...shared }, picture: pictureFile, visits }
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
  const [last] = await visits()
  expect(await page.locator('#arrivals tbody tr').count()).toBeGreaterThan(5)
  expect(last?.picture.taken).toBe(true)
  await expect
    .poll(() => page.evaluate("document.querySelector('#picture img')?.naturalWidth"), patient)
    .toBe(PICTURE_SIZE.width)
  expect(await page.locator('#next-runs dt').allInnerTexts()).toEqual(['ship-arrivals'])
  expect(await tracker.stop()).toBe(0)
  expectEachOnce(await visits())
  expect(decode(readFileSync(picture))).toMatchObject(PICTURE_SIZE)
})

test('web processes only serve what the one scheduler process fetches', async () => {
  const { env, visits } = deployment()
  const webs = [1, 2].map(() => new TrackerProcess({ ...env, ENABLE_SCHEDULER: 'false' }))
  for (const web of webs) expect(await (await web.get('/')).text()).toContain('Nothing has been fetched yet')
  const scheduler = new TrackerProcess({ ...env, ENABLE_SCHEDULER: 'true' })
  await expect.poll(async () => fireTimes(await visits()).length, patient).toBeGreaterThan(0)
  // Each process has a harbour of its own, so the address of a visit tells who made it.
  const harbour = `${await scheduler.url}/harbour`
  expect(await scheduler.stop()).toBe(0)
  expect(new Set((await visits()).map(({ url }) => url))).toEqual(new Set([harbour]))
  expectEachOnce(await visits())
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
  await expect.poll(async () => (await visits()).length, patient).toBeGreaterThan(0)
  const second = new TrackerProcess({ ...env, ENABLE_SCHEDULER: 'true' })
  await second.url
  await first.stop('SIGKILL')
  const known = (await visits()).length
  await expect.poll(async () => (await visits()).length, patient).toBeGreaterThan(known + 1)
  expect(await second.stop()).toBe(0)
  expectEachOnce(await visits())
})

test('on PostgreSQL it is the same app: what one process fetches, another serves', async () => {
  const { env, visits } = deployment({ DATABASE_URL: await freshDatabase() })
  const web = new TrackerProcess({ ...env, ENABLE_SCHEDULER: 'false' })
  const scheduler = new TrackerProcess({ ...env, ENABLE_SCHEDULER: 'true' })
  await expect.poll(async () => fireTimes(await visits()).length, patient).toBeGreaterThan(0)
  expect(await scheduler.stop()).toBe(0)
  expectEachOnce(await visits())
  expect(await (await web.get('/')).text()).toContain('with a picture')
  expect(await (await web.get('/health')).json()).toMatchObject({ status: 'ok', schedules: [{ id: 'ship-arrivals' }] })
  expect(await web.stop()).toBe(0)
})

test('without a Chromium the tracker runs on, and page and picture say why there is no photograph', async () => {
  const { env, visits } = deployment({ CHROMIUM_PATH: '/no/such/chromium' })
  const tracker = new TrackerProcess(env)
  await tracker.url
  await expect.poll(async () => (await visits()).length, patient).toBeGreaterThan(0)
  expect((await visits())[0]?.picture).toEqual({
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
