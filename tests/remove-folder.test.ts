import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { removeFolder } from './remove-folder.ts'

const WRITE = `
const { mkdirSync, writeFileSync } = require('node:fs')
const path = process.argv[1] + '/deep/down'
const endAt = Date.now() + 1_000
for (let file = 0; Date.now() < endAt; file++)
  try {
    mkdirSync(path, { recursive: true })
    writeFileSync(path + '/' + file, 'x')
  } catch {}
`

test('a folder that an ending process still writes to is gone in the end', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-removed-'))
  const writer = spawn(process.execPath, ['-e', WRITE, folder], { stdio: 'inherit' })
  const ended = new Promise(resolve => writer.once('close', resolve))
  await vi.waitFor(() => expect(existsSync(join(folder, 'deep/down/50'))).toBe(true), { timeout: 30_000, interval: 5 })
  expect(() => removeFolder(folder)).not.toThrow()
  await ended
  removeFolder(folder)
  expect(existsSync(folder)).toBe(false)
})
