import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Context, Hono } from 'hono'
import type { ArrivalLine, VisitLine } from './arrivals.ts'
import { HARBOUR_PATH, harbourSite } from './harbour-site.ts'
import { type Upcoming, page } from './page.ts'
import type { FireLine } from './runs.ts'

/** What the pages read. Every process can serve them: all of it is in the database and one file. */
export interface Sources {
  arrivals(): Promise<ArrivalLine[]>
  visits(limit: number): Promise<VisitLine[]>
  upcoming(): Promise<Upcoming[]>
  /** What became of the latest fire times, newest first. */
  fires(limit: number): Promise<FireLine[]>
  pictureFile: string
  isStopping(): boolean
}

const READ_RUNS = 12
const assets = { 'style.css': 'text/css', 'live.js': 'text/javascript', 'icon.svg': 'image/svg+xml' } as const
const policy =
  "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'"

export function website(sources: Sources): Hono {
  const app = new Hono()
  // The harbour answers until the very end: a visit that is under way may still need it.
  app.route(HARBOUR_PATH, harbourSite())
  app.use(async (context, next) => {
    await next()
    context.header('x-content-type-options', 'nosniff')
    context.header('content-security-policy', policy)
  })
  app.use(async (context, next) => {
    if (!sources.isStopping()) return next()
    context.header('retry-after', '5')
    return context.text('The ship tracker is stopping; it answers again after its restart.\n', 503)
  })
  app.get('/', context => homePage(context, sources))
  app.get('/current.bmp', context => picture(context, sources.pictureFile))
  app.get('/health', context => health(context, sources))
  for (const [name, type] of Object.entries(assets)) {
    const content = readFileSync(new URL(`public/${name}`, import.meta.url), 'utf8')
    app.get(`/${name}`, context => context.body(content, 200, { 'content-type': `${type}; charset=utf-8` }))
  }
  return app
}

async function homePage(context: Context, sources: Sources): Promise<Response> {
  const [upcoming, fires, arrivals, visits] = await Promise.all([
    sources.upcoming(),
    sources.fires(READ_RUNS),
    sources.arrivals(),
    sources.visits(READ_RUNS)
  ])
  context.header('cache-control', 'no-store')
  const hasPicture = existsSync(sources.pictureFile)
  const view = { now: Date.now(), upcoming, fires, hasPicture }
  return context.html(page({ ...view, arrivals, visits }))
}

async function picture(context: Context, file: string): Promise<Response> {
  context.header('cache-control', 'no-store')
  // Read whole from one open file: a replacement meanwhile gives the file another inode and leaves this one alone.
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (content === undefined)
    return context.text('There is no picture yet: the first visit has not been finished.\n', 404)
  return context.body(new Uint8Array(content), 200, { 'content-type': 'image/bmp' })
}

async function health(context: Context, sources: Sources): Promise<Response> {
  context.header('cache-control', 'no-store')
  const time = new Date().toISOString()
  try {
    const schedules = (await sources.upcoming()).map(({ id, nextFireAt }) => ({ id, nextFireAt: iso(nextFireAt) }))
    const lastVisitAt = iso((await sources.visits(1))[0]?.visitedAt ?? null)
    return context.json({ status: 'ok', time, lastVisitAt, schedules })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return context.json({ status: 'unavailable', time, reason }, 503)
  }
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
