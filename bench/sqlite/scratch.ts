import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Hands out the path of a file that is not there yet, in a folder that goes when the use of it has ended. */
export async function withScratchFile<T>(use: (file: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-bench-'))
  try {
    return await use(join(folder, 'books.db'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
