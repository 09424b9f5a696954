import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { processStart } from '../../../src/launcher/master/process-start.ts'
import { liveMasters, type MasterRecord, removeMaster, writeMaster } from '../../../src/launcher/master/run-file.ts'
import { emptyFolder } from '../../cli/run-cli.ts'

const record = (pid: number, start: string): MasterRecord => ({
  pid,
  start,
  topology: 'single',
  config: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  rolls: 0,
  rolled: null,
  processes: []
})

test('a master is found as long as its process is the one that wrote the record', () => {
  const folder = join(emptyFolder(), 'run')
  expect(liveMasters(folder)).toEqual([])
  writeMaster(folder, record(1, 'then'))
  writeMaster(folder, record(2, 'then'))
  writeMaster(folder, record(3, 'then'))
  expect(statSync(join(folder, 'master-1.json')).mode & 0o777).toBe(0o600)
  // 2 is another process by now, and of 3 nothing is left.
  const starts: Readonly<Record<number, string>> = { 1: 'then', 2: 'later' }
  expect(liveMasters(folder, pid => starts[pid]).map(({ pid }) => pid)).toEqual([1])
  expect(readdirSync(folder)).toEqual(['master-1.json'])
  removeMaster(folder, 1)
  expect(readdirSync(folder)).toEqual([])
})

test('what is no record of a master is left alone', () => {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'master-7.json'), '{"pid":')
  writeFileSync(join(folder, 'primary.lock'), '')
  expect(liveMasters(folder, () => 'then')).toEqual([])
  expect(readdirSync(folder)).toHaveLength(2)
})

test('the start of a process tells it from others, and is gone with it', async () => {
  const start = processStart(process.pid)
  expect(start).toMatch(/\S/)
  expect(processStart(process.pid)).toBe(start)
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  const pid = child.pid as number
  expect(processStart(pid)).toMatch(/\S/)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(processStart(pid)).toBeUndefined()
})
