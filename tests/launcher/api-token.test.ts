import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { madeTokenOf } from '../../src/cli/process/made-token.ts'
import { tokenFileOf, tokenOf } from '../../src/launcher/api-token.ts'
import type { Inspection } from '../../src/launcher/protocol.ts'
import { removeFolder } from '../remove-folder.ts'

function freshDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-token-'))
  onTestFinished(() => removeFolder(folder))
  return join(folder, 'run')
}

test('a token is made once, for those who may read its file', () => {
  const directory = freshDirectory()
  const token = tokenOf(directory)
  expect(token).toMatch(/^esc_local_[\w-]{43}$/)
  expect(tokenOf(directory)).toBe(token)
  expect(readFileSync(tokenFileOf(directory), 'utf8')).toBe(`${token}\n`)
  expect(statSync(tokenFileOf(directory)).mode & 0o777).toBe(0o600)
  expect(readdirSync(directory)).toEqual(['token'])
  expect(tokenOf(freshDirectory())).not.toBe(token)
})

test('one that others could read is replaced, and one that is none', () => {
  const directory = freshDirectory()
  const token = tokenOf(directory)
  chmodSync(tokenFileOf(directory), 0o640)
  const second = tokenOf(directory)
  expect(second).not.toBe(token)
  writeFileSync(tokenFileOf(directory), 'guess me\n')
  expect(tokenOf(directory)).not.toMatch(/guess/)
  expect(statSync(tokenFileOf(directory)).mode & 0o777).toBe(0o600)
})

test('a folder that cannot be written leaves a start without a token, which says why', () => {
  const directory = freshDirectory()
  writeFileSync(directory, 'a file in its place')
  const inspection = { needsToken: true, runDirectory: directory } as Inspection
  const notices: string[] = []
  expect(madeTokenOf(inspection, text => void notices.push(text))).toBeUndefined()
  expect(notices).toEqual([expect.stringMatching(/serves the health check only.*Set SCHEDULER_API_TOKEN/)])
  expect(madeTokenOf({ ...inspection, needsToken: false }, () => expect.unreachable())).toBeUndefined()
})
