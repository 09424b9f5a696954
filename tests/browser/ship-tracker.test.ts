import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { decode } from 'fast-bmp'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { saveVisit, SqliteArrivals } from '../../examples/ship-tracker/arrivals-sqlite.ts'
import { findChromium, launchChromium } from '../../examples/ship-tracker/chromium.ts'
import { HARBOUR_PATH } from '../../examples/ship-tracker/harbour-site.ts'
import { PICTURE_SIZE, takePicture } from '../../examples/ship-tracker/picture.ts'
import { listen } from '../../examples/ship-tracker/server.ts'
import { website } from '../../examples/ship-tracker/web.ts'
import { sampleCall, sampleSources, sampleVisit, temporaryFolder } from '../ship-tracker/samples.ts'

const chromium = findChromium() ?? ''
const never = new AbortController().signal
let browser: Browser

beforeAll(async () => {
  browser = await launchChromium(chromium)
})
afterAll(() => browser.close())

/** A tracker's site with a visit in its books, and a way to save another. */
async function startSite() {
  const folder = temporaryFolder()
  const pictureFile = join(folder, 'current.bmp')
  const book = new SqliteArrivals(join(folder, 'ships.db'))
  const connection = new DatabaseSync(join(folder, 'ships.db'))
  const pages = { arrivals: () => book.arrivals(), visits: (limit: number) => book.visits(limit), pictureFile }
  const server = await listen(website(sampleSources(pages)), '127.0.0.1', 0)
  onTestFinished(async () => {
    await server.close()
    await book.close()
    connection.close()
  })
  saveVisit(connection, sampleVisit())
  return {
    url: server.url,
    pictureFile,
    save: (visit: Parameters<typeof saveVisit>[1]) => saveVisit(connection, visit)
  }
}

/** A new page that keeps what the browser complained of: scripts that failed, things that were refused or not found. */
async function openPage(
  url: string,
  options: { javaScriptEnabled?: boolean } = {}
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext(options)
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  await page.goto(url)
  return { page, complaints }
}

/** The number of different colours in a picture: a blank one has a single colour. */
function coloursOf(file: string): number {
  const { data } = decode(readFileSync(file))
  const rgb = data as Uint8Array
  const colours = new Set<number>()
  for (let at = 0; at < rgb.length; at += 3)
    colours.add(((rgb[at] ?? 0) << 16) | ((rgb[at + 1] ?? 0) << 8) | (rgb[at + 2] ?? 0))
  return colours.size
}

test('Chromium photographs the page of the harbour', async () => {
  const { url, pictureFile } = await startSite()
  const report = await takePicture({ url: url + HARBOUR_PATH, chromium, file: pictureFile, signal: never })
  expect(report).toEqual({ taken: true, note: `A photograph of ${url}${HARBOUR_PATH} by ${chromium}` })
  expect(decode(readFileSync(pictureFile))).toMatchObject({ ...PICTURE_SIZE, bitsPerPixel: 24 })
  expect(coloursOf(pictureFile)).toBeGreaterThan(50)
})

test('a page that is not there is an error, and leaves the old picture', async () => {
  const { url, pictureFile } = await startSite()
  writeFileSync(pictureFile, 'the old one')
  const order = { url: `${url}/no-such-page`, chromium, file: pictureFile, signal: never }
  await expect(takePicture(order)).rejects.toThrow('/no-such-page answered 404 to the browser')
  expect(readFileSync(pictureFile, 'utf8')).toBe('the old one')
})

test('a photograph that is called off ends with the reason of its signal', async () => {
  const { url, pictureFile } = await startSite()
  const abort = new AbortController()
  const picture = takePicture({ url: url + HARBOUR_PATH, chromium, file: pictureFile, signal: abort.signal })
  abort.abort(new Error('out of time'))
  await expect(picture).rejects.toThrow('out of time')
})

test('the page shows ships and picture, and the browser has nothing to complain of', async () => {
  const { url, pictureFile } = await startSite()
  await takePicture({ url: url + HARBOUR_PATH, chromium, file: pictureFile, signal: never })
  const { page, complaints } = await openPage(url)
  expect(await page.locator('#arrivals tbody th').allInnerTexts()).toEqual([expect.stringContaining('Nordlys')])
  const picture = page.getByRole('img', { name: /photograph of the harbour's page/ })
  await picture.waitFor()
  await expect.poll(() => page.evaluate("document.querySelector('#picture img').naturalWidth")).toBe(PICTURE_SIZE.width)
  expect(complaints).toEqual([])
})

test('a page that stays open shows the next visit by itself', async () => {
  const { url, save } = await startSite()
  const { page, complaints } = await openPage(url)
  save(
    sampleVisit({ key: 'visit-2', visitedAt: Date.now(), calls: [sampleCall({ call: 'HV-2', ship: 'Baltic Heron' })] })
  )
  await page.getByText('Baltic Heron').waitFor()
  expect(await page.getByText('Nordlys').count()).toBe(0)
  expect(complaints).toEqual([])
})

test('without scripts the page holds the same, and asks the browser to come again', async () => {
  const { url } = await startSite()
  const { page } = await openPage(url, { javaScriptEnabled: false })
  expect(await page.locator('#arrivals tbody tr').count()).toBe(1)
  expect(await page.locator('noscript meta[http-equiv=refresh]').getAttribute('content')).toBe('30')
})

test('the page fits a narrow screen', async () => {
  const { url } = await startSite()
  const { page } = await openPage(url)
  await page.setViewportSize({ width: 360, height: 700 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
})
