import { expect, vi } from 'vitest'
import type { CommandProcess } from '../e2e/lines-process.ts'
import { freePort } from '../services/ports.ts'
import type { Project } from './project.ts'

export interface Served {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** How the process ends after SIGTERM. @default status 0 */
  readonly end?: { readonly code: number | null; readonly signal: NodeJS.Signals | null }
  /** The file of the books. @default 'app.db' */
  readonly books?: string
}

const IN_ORDER = { code: 0, signal: null } as const
/** On a machine with other work an event loop may be late, and may be told so; these have another cause. */
const FAULTS =
  /"event":"(node\.joined-by-second|(job|loop|request|listener)\.failed|schedule\.[a-z-]*(refused|doubted|contested))"/
const FIRES = 3
const PROCESSES = 4

/**
 * Starts an app of the guide in four processes on one file. Its schedule fires each second in one of them, its handler
 * says hello, each process answers with its page and the API, and SIGTERM ends each in order.
 */
export async function servesInFour(project: Project, served: Served): Promise<void> {
  const { command, args, env = {}, end = IN_ORDER, books = 'app.db' } = served
  project.removeBooks()
  const started = await Promise.all(
    Array.from({ length: PROCESSES }, async () => {
      const port = String(await freePort())
      return { port, process: project.start(command, args, { ...env, PORT: port }) }
    })
  )
  const output = (): string => started.map(({ process }) => process.output()).join('\n')
  await Promise.all(started.map(({ port, process }) => answers(port, process)))
  await vi.waitUntil(() => firesIn(output()).length >= FIRES && output().includes('hello'), {
    timeout: 120_000,
    interval: 50
  })
  const ends = await Promise.all(started.map(({ process }) => process.ended('SIGTERM')))
  expect(ends, output()).toEqual(started.map(() => end))
  const fires = firesIn(output())
  expect(new Set(fires).size, output()).toBe(fires.length)
  expect(output()).not.toMatch(FAULTS)
  // What comes due once all have ended is nobody's.
  const verify = [project.script('escapement/dist/cli/main.js'), 'verify', '--to', fires.sort().at(-1) as string]
  const { status, stdout } = project.attempt(process.execPath, verify, { DATABASE_URL: `sqlite:${books}` })
  expect(status, stdout).toBe(0)
}

/** The page and the API, once the process listens. */
async function answers(port: string, process: CommandProcess): Promise<void> {
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`)
  const page = await vi.waitFor(
    async () => {
      if (!process.isRunning) return undefined
      return get('/')
    },
    { timeout: 240_000, interval: 50 }
  )
  expect(page?.status, process.output()).toBe(200)
  expect(await page?.text()).toContain('hello')
  const health = await get('/api/v1/health/basic')
  expect([health.status, await health.json()]).toEqual([
    200,
    expect.objectContaining({ process: 'shop', status: 'ok' })
  ])
  expect((await get('/api/v1/scheduler/status')).status).toBe(401)
}

const firesIn = (output: string): string[] =>
  [...output.matchAll(/often: fired (\S+?Z)/g)].map(([, at]) => at as string)
