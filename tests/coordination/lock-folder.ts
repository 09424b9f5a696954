import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/clock/system.ts'
import { FileBackend, type FileBackendOptions } from '../../src/coordination/file-backend.ts'
import type { LockDatabase } from '../../src/coordination/lock-file.ts'
import { openDriver } from '../../src/stores/sqlite/connection/driver.ts'
import { removeFolder } from '../remove-folder.ts'

/** A folder for lock files, and back ends on them. */
export class LockFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'escapement-lock-'))
  readonly lockPath = join(this.folder, 'primary.lock')

  /** `die` closes what the kernel closes when a process ends. */
  backend(name: string, over: Partial<FileBackendOptions> = {}): { backend: FileBackend; die: () => void } {
    const opened = new Set<LockDatabase>()
    const openDatabase = (file: string): LockDatabase => {
      const database = openDriver(file)
      opened.add(database)
      return {
        exec: sql => database.exec(sql),
        prepare: sql => database.prepare(sql),
        close: () => {
          opened.delete(database)
          database.close()
        }
      }
    }
    const backend = new FileBackend({
      clock: systemClock,
      holder: { id: name, host: 'harbour', pid: process.pid },
      lockPath: this.lockPath,
      allowNetworkDisk: false,
      openDatabase,
      ...over
    })
    const die = (): void => {
      opened.forEach(database => database.close())
      opened.clear()
    }
    return { backend, die }
  }

  remove(): void {
    removeFolder(this.folder)
  }
}
