import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, type Page, chromium } from 'playwright-core'

/** The browser cannot be had on this machine. The message says why; the next attempt would meet the same. */
export class ChromiumMissing extends Error {
  override readonly name = 'ChromiumMissing'
}

export interface Viewport {
  width: number
  height: number
}

export interface OpenPage {
  /** The page to open, over http or https. */
  url: string
  viewport: Viewport
  signal: AbortSignal
}

const LAUNCH_TIMEOUT_MS = 20_000
const PAGE_TIMEOUT_MS = 20_000
const commands = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const usualPaths = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

// Quiet and on its own: nothing but the page that it is sent to is fetched.
const switches = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

/** The first Chromium or Chrome on the PATH, or undefined. */
export function findChromium(path: string = process.env['PATH'] ?? ''): string | undefined {
  const folders = path.split(delimiter).filter(folder => folder !== '')
  const candidates = commands.flatMap(command => folders.map(folder => join(folder, command)))
  return [...candidates, ...usualPaths].find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Starts a headless Chromium with a new, empty profile. Close it: that also removes the profile. */
export async function launchChromium(executable: string): Promise<Browser> {
  try {
    return await chromium.launch({
      executablePath: executable,
      args: switches,
      timeout: LAUNCH_TIMEOUT_MS,
      // The tracker stops by itself and in order; the browser must not end the process before that.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false
    })
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
    throw new ChromiumMissing(`Chromium at ${executable} could not be started: ${reason}`, { cause: error })
  }
}

/** Opens a page in a browser of its own, hands it to `use`, and closes the browser whatever happens. */
export async function withPage<T>(executable: string, open: OpenPage, use: (page: Page) => Promise<T>): Promise<T> {
  const { url, viewport, signal } = open
  signal.throwIfAborted()
  const browser = await launchChromium(executable)
  const close = (): void => void browser.close().catch(() => undefined)
  signal.addEventListener('abort', close, { once: true })
  try {
    const page = await browser.newPage({ viewport })
    const answer = await page.goto(url, { waitUntil: 'load', timeout: PAGE_TIMEOUT_MS })
    if (!answer?.ok()) throw new Error(`The page ${url} answered ${answer?.status() ?? 'nothing'} to the browser`)
    return await use(page)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', close)
    await browser.close()
  }
}
