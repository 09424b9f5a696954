import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Escapement, Task } from '../../src/index.ts'
import { blocksOf, textOf, writePrograms } from './blocks.ts'

const src = join(import.meta.dirname, '../../src')

interface Told {
  readonly facts: readonly string[]
  readonly level: string | undefined
}

/** What the source says: the facts of each event, and the level of its line. */
function eventsOfSource(): Record<string, Told> {
  const map = /interface EventMap {\n(.*?)\n}/s.exec(readFileSync(join(src, 'core/events.ts'), 'utf8'))?.[1] ?? ''
  const lines = readFileSync(join(src, 'runtime/events/log-subscriber.ts'), 'utf8')
  const found = [...map.matchAll(/^ {2}'([\w.-]+)': (.*?)(?=\n {2}['/]|$(?![\s\S]))/gms)]
  return Object.fromEntries(
    found.map(([, name = '', facts = '']) => [
      name,
      {
        facts: [
          ...(facts.includes('JobFacts') ? ['job facts'] : []),
          ...[...facts.matchAll(/readonly (\w+):/g)].map(([, fact = '']) => fact)
        ],
        level: new RegExp(`^  '${name}': \\[\\s*'(\\w+)'`, 'm').exec(lines)?.[1]
      }
    ])
  )
}

test('the guide has every event, with its facts and the level of its line', () => {
  const rows = [...textOf('docs/guides/events.md').matchAll(/^\| `([\w-]+\.[\w-]+)` \| .*? \| (.*?) \| (\w+) \|$/gm)]
  const told = rows.map(([, name = '', facts = '', level]) => [
    name,
    { facts: facts.split(', ').map(fact => fact.replaceAll('`', '')), level }
  ])
  const source = eventsOfSource()
  expect(Object.keys(source).length).toBeGreaterThan(40)
  expect(Object.fromEntries(told)).toEqual(source)
})

interface Programs {
  readonly app: Escapement
  readonly alerts: readonly string[]
  readonly durations: readonly number[]
  readonly lines: readonly string[]
  readonly greet: Task<{ name: string }>
}

async function program(name: string): Promise<Programs> {
  vi.stubEnv('ESCAPEMENT_DATABASE_URL', 'memory:')
  vi.stubEnv('ESCAPEMENT_LOG_STREAM', undefined)
  onTestFinished(() => void vi.unstubAllEnvs())
  return (await import(join(writePrograms(blocksOf('events.md')), name))) as Programs
}

test('the listeners of the guide hear of a job that failed for good', async () => {
  vi.stubEnv('ESCAPEMENT_LOG_LEVEL', 'silent')
  const { app, alerts, durations } = await program('alerts.ts')
  onTestFinished(() => app.stop())
  const told = new Promise(resolve => void app.on('job.discarded', resolve))
  await app.start()
  const { id } = await app.enqueue('mail', null)
  await told
  expect(alerts).toContain(`mail ${id}: the mail server is away`)
  expect(durations).toEqual([])
})

test('the logger of the guide gets the lines of the handler, each with its job', async () => {
  const { app, lines, greet } = await program('logger.ts')
  onTestFinished(() => app.stop())
  await app.start()
  const { id, result } = await app.enqueue(greet, { name: 'ann' })
  await result()
  const ofJob = lines.map(line => JSON.parse(line) as Record<string, unknown>).filter(({ jobId }) => jobId === id)
  expect(ofJob).toMatchObject([
    { level: 30, msg: 'greeting', name: 'ann', task: 'greet', attempt: 1 },
    { level: 40, msg: 'ann has no address', task: 'greet', attempt: 1 }
  ])
})
