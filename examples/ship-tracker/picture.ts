import { PNG } from 'pngjs'
import type { PictureReport } from './arrivals.ts'
import { type Bitmap, encodeBmp, replaceFile } from './bitmap.ts'
import { ChromiumMissing, withPage } from './chromium.ts'
import { drawNotice } from './notice.ts'

export const PICTURE_SIZE = { width: 960, height: 600 } as const

export interface PictureOrder {
  url: string
  /** The browser's executable; undefined where none was found. */
  chromium: string | undefined
  file: string
  signal: AbortSignal
}

/**
 * Photographs a page and puts the picture in its file's place, whole or not at all. Where no Chromium can be had, the
 * picture says so instead: an old photograph would be taken for a new one. Rejects when the page itself fails.
 */
export async function takePicture({ url, chromium, file, signal }: PictureOrder): Promise<PictureReport> {
  try {
    await replaceFile(file, encodeBmp(await photograph(url, chromium, signal)), signal)
    return { taken: true, note: `A photograph of ${url} by ${chromium}` }
  } catch (error) {
    if (!(error instanceof ChromiumMissing)) throw error
    await replaceFile(file, encodeBmp(drawNotice('NO PHOTOGRAPH OF THE HARBOUR', error.message, PICTURE_SIZE)), signal)
    return { taken: false, note: error.message }
  }
}

async function photograph(url: string, chromium: string | undefined, signal: AbortSignal): Promise<Bitmap> {
  if (chromium === undefined)
    throw new ChromiumMissing('No Chromium is installed on this machine (on Debian: apt-get install chromium).')
  const png = await withPage(chromium, { url, viewport: PICTURE_SIZE, signal }, page =>
    page.screenshot({ type: 'png' })
  )
  return withoutAlpha(PNG.sync.read(png))
}

function withoutAlpha({ width, height, data }: PNG): Bitmap {
  const rgb = new Uint8Array(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    rgb[pixel * 3] = data[pixel * 4] ?? 0
    rgb[pixel * 3 + 1] = data[pixel * 4 + 1] ?? 0
    rgb[pixel * 3 + 2] = data[pixel * 4 + 2] ?? 0
  }
  return { width, height, data: rgb }
}
