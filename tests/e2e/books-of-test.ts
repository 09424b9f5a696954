import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createEscapement, type Escapement } from '../../src/index.ts'
import { tasks } from './tasks.ts'
import { removeFolder } from '../remove-folder.ts'

/** An empty folder that goes with the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-e2e-'))
  onTestFinished(() => removeFolder(folder))
  return folder
}

/** An Escapement of the test's own process that is not started: it asks for jobs, cancels them, and reads. */
export function callerOn(file: string): Escapement {
  const caller = createEscapement({ database: `sqlite:${file}`, tasks, logger: false })
  onTestFinished(() => caller.stop())
  return caller
}
