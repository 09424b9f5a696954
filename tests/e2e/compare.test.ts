import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startRedis } from '../services/redis.ts'
import { freshDatabase } from '../stores/postgres/server.ts'
import { LinesProcess } from './lines-process.ts'

const folder = join(import.meta.dirname, '../../examples/compare')
const names = ['escapement', 'graphile-worker', 'pg-boss', 'bullmq'] as const

/** Lines of code: a line that is too wide counts as the several that it is formatted into. */
const linesOf = (name: string): number =>
  readFileSync(join(folder, `${name}.ts`), 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '' && !line.trim().startsWith('//')).length

test('ours is the shortest, and at most 12 lines', () => {
  const [ours, ...others] = names.map(linesOf) as [number, ...number[]]
  expect(ours).toBeLessThanOrEqual(Math.min(12, ...others))
})

test('the README has the numbers of lines', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  for (const name of names) expect(readme).toContain(`| [${name}.ts](${name}.ts) | ${linesOf(name)} |`)
})

test.each(names)(
  '%s: the report comes by cron, the mail once for two sign-ups and again after it failed',
  async name => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const app = new LinesProcess('compare-process.ts', [join(folder, `${name}.ts`)], {
      DATABASE_URL: await freshDatabase(),
      REDIS_URL: redis.url,
      NIGHTLY: '* * * * *'
    })
    await app.line(/signed up twice/)
    await Promise.all([app.line(/^report$/), app.line(/^welcome/).then(() => app.line(/^welcome/))])
    expect(app.output().match(/^welcome ada@example.org$/gm)).toHaveLength(2)
    await app.ended('SIGTERM')
  }
)
