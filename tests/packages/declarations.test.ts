import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Project } from './project.ts'

let project: Project

beforeAll(async () => {
  project = await Project.install('types')
  for (const extension of ['ts', 'mts', 'cts']) project.write(`app.${extension}`, APP)
}, 600_000)

afterAll(() => project.remove())

/** Uses each entry, a class as type and value, and a type that must not be `any`. */
const APP = `
import { createEscapement, EscapementError, every, schedule, task, type Escapement, type HandlerContext } from 'escapement'
import { ApiProblem, type Client, createClient, everyItem } from 'escapement/client'
import { expressHandler } from 'escapement/express'
import { fastifyPlugin } from 'escapement/fastify'
import { honoMiddleware } from 'escapement/hono'
import { koaMiddleware } from 'escapement/koa'
import { Escapement as Token, EscapementModule, handledBy } from 'escapement/nest'
import { nextRoute, startInNext } from 'escapement/next'
import { openPostgresStore, type PostgresStoreOptions } from 'escapement/postgres'
import { openSqliteStore, type SqliteStore } from 'escapement/sqlite'
import { ManualClock, type ManualNodeOptions } from 'escapement/testing'

class Greeter {
  handle({ log }: HandlerContext<unknown>): void {
    log.info('hello')
  }
}
const greet = task('greet', { handler: handledBy(Greeter) })
const schedules = [schedule('often', { task: greet, trigger: every('1s') })]
const escapement: Escapement = createEscapement({ tasks: [greet], schedules })

export async function main(): Promise<void> {
  await startInNext(escapement)
  await escapement.start({ signals: true })
  try {
    await escapement.enqueue(greet, undefined)
  } catch (error) {
    if (error instanceof EscapementError) console.log((error as EscapementError).code)
  }
}

export async function failedTasks(client: Client = createClient({ url: 'http://127.0.0.1:1/api/v1' })): Promise<string[]> {
  const tasks: string[] = []
  try {
    for await (const { task } of everyItem(client.listJobs, { state: 'discarded' })) tasks.push(task)
  } catch (error) {
    if (error instanceof ApiProblem) console.log(error.code)
  }
  // @ts-expect-error -- There is no such state.
  await client.listJobs({ state: 'failed' })
  return tasks
}

const instant: number = new ManualClock().now()
// @ts-expect-error -- It is a number, not any.
const text: string = new ManualClock().now()
export const used = { instant, text, Token, EscapementModule, openPostgresStore, openSqliteStore }
export const mounted = [expressHandler, fastifyPlugin, honoMiddleware, koaMiddleware, nextRoute].map(mount => mount(escapement))
export type Used = PostgresStoreOptions | SqliteStore | ManualNodeOptions
`

const TSC = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--types', 'node']

const tsc = (...args: readonly string[]) =>
  project.attempt(process.execPath, [project.script('typescript/bin/tsc'), ...TSC, ...args])

describe('TypeScript understands every entry', () => {
  test.each([
    ['node10', ['--module', 'commonjs', '--moduleResolution', 'node10', 'app.ts']],
    ['node16, CommonJS', ['--module', 'node16', 'app.cts']],
    ['node16, ESM', ['--module', 'node16', 'app.mts']],
    ['node18, CommonJS', ['--module', 'node18', 'app.cts']],
    ['nodenext, CommonJS', ['--module', 'nodenext', 'app.cts']],
    ['nodenext, ESM', ['--module', 'nodenext', 'app.mts']],
    ['bundler', ['--module', 'esnext', '--moduleResolution', 'bundler', 'app.ts']]
  ])('%s', (_, args) => {
    expect(tsc(...args).stdout).toBe('')
  })
})

test('Are the types wrong? No', () => {
  const tarball = readdirSync(project.folder).find(name => name.endsWith('.tgz')) as string
  const { status, stdout } = project.attempt(process.execPath, [
    project.script('@arethetypeswrong/cli/dist/index.js'),
    tarball,
    '--format',
    'ascii',
    '--no-color'
  ])
  expect(status, stdout).toBe(0)
})
