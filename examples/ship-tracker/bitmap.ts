import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { encode } from 'fast-bmp'

// No replacement takes this long, so nobody is still at it.
const LEFTOVER_AFTER_MS = 10 * 60_000

/** An image of three bytes a pixel: red, green, blue; rows from the top. */
export interface Bitmap {
  width: number
  height: number
  data: Uint8Array
}

export function encodeBmp({ width, height, data }: Bitmap): Uint8Array {
  return encode({ width, height, data, bitsPerPixel: 24, components: 3, channels: 3 })
}

/**
 * Puts new content in a file's place in one step: whoever opens the file sees the old content or the new, whole.
 * The new content is on the disk before it takes the name, so that a crash or a power cut leaves no empty file either.
 */
export async function replaceFile(file: string, content: Uint8Array, signal?: AbortSignal): Promise<void> {
  const folder = dirname(file)
  await mkdir(folder, { recursive: true })
  // Only a name in the same folder is sure to be on the same file system, where a rename is one step.
  const beside = join(folder, `${besidePrefix(file)}${randomUUID()}`)
  try {
    await writeDurably(beside, content)
    signal?.throwIfAborted()
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  await syncFolder(folder)
  await sweep(file)
}

function besidePrefix(file: string): string {
  return `.${basename(file)}.new-`
}

/** Removes what a process that was killed in the middle of a replacement has left behind. */
async function sweep(file: string): Promise<void> {
  const folder = dirname(file)
  const prefix = besidePrefix(file)
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue
    const leftover = join(folder, name)
    const age = await stat(leftover).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0
    )
    if (age > LEFTOVER_AFTER_MS) await rm(leftover, { force: true })
  }
}

async function writeDurably(file: string, content: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; there the rename is durable when the file system says so.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
