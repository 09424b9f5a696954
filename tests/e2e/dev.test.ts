import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Started } from './started.ts'

test('dev: a change ends the old processes before the new ones begin', async () => {
  const deedsFile = 'deeds'
  const started = await new Started({ command: 'dev', env: { APP_DEEDS: deedsFile } }).ready()
  const deeds = (): string[] => readFileSync(join(started.folder, deedsFile), 'utf8').trim().split('\n')
  const pidOf = (deed: string | undefined): string => deed?.split(' ')[1] ?? ''
  await started.moreTicks(1)

  writeFileSync(join(started.folder, 'task.ts'), 'export const changed = true\n')
  await started.process.line(/task\.ts has changed/)
  await started.ready()
  const [began, ended, again] = deeds()
  expect([began, ended, again]).toEqual([`began ${pidOf(began)}`, `ended ${pidOf(began)}`, `began ${pidOf(again)}`])
  expect(pidOf(again)).not.toBe(pidOf(began))

  // What is broken is said, and fixed by a change.
  started.writeConfig('export default {')
  await started.process.line(/Waiting for a change/)
  await vi.waitUntil(() => deeds().at(-1) === `ended ${pidOf(again)}`, { timeout: 60_000 })
  started.writeConfig()
  await started.ready()
  await started.moreTicks(1)

  await started.stop('SIGINT')
  const last = deeds()
  expect(last.filter(deed => deed.startsWith('began'))).toHaveLength(3)
  expect(last.filter(deed => deed.startsWith('ended'))).toHaveLength(3)
})
