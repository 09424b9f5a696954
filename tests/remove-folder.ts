import { rmSync } from 'node:fs'

/**
 * Removes a folder of a test with all that is in it. A process that has been told to end may write a last file while the
 * folder is emptied, which makes it not empty again, so try for a few seconds.
 */
export const removeFolder = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
