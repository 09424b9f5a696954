import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'

test('an app that only enqueues loads nothing of what runs', () => {
  const printed = execFileSync(process.execPath, [`${import.meta.dirname}/loaded-process.ts`], { encoding: 'utf8' })
  const loaded = JSON.parse(printed) as string[]
  expect(loaded).toContain('operations/enqueue/enqueuer.ts')
  const names = ['attempts/attempt', 'attempts/attempts', 'node', 'schedules/scheduler', 'jobs/worker']
  const running = names.map(name => `runtime/${name}.ts`)
  expect(running.filter(file => !existsSync(new URL(`../../src/${file}`, import.meta.url)))).toEqual([])
  expect(running.filter(file => loaded.includes(file))).toEqual([])
})
