import type { StartOptions } from '../app/doors.ts'
import type { Mountable } from './mountable.ts'

type Route = (request: Request) => Promise<Response>
type Routes = { readonly [Method in 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE']: Route }

/**
 * The management API as a route of Next, in `app/api/v1/[...path]/route.ts`: `export const { GET, HEAD, POST, PATCH,
 * DELETE } = nextRoute(escapement)`.
 */
export function nextRoute({ fetch }: Pick<Mountable, 'fetch'>): Routes {
  return { GET: fetch, HEAD: fetch, POST: fetch, PATCH: fetch, DELETE: fetch }
}

/** The books whose Escapement runs in this process. On the global object: Next gives each route its own modules. */
const key = Symbol.for('escapement.started-in-next')
const known = globalThis as { [key]?: Set<string> }

/**
 * Starts an Escapement in the module that creates it, with `signals: true` unless you say otherwise. `next build` loads
 * modules too, and starts nothing. Next loads the module several times, once for `instrumentation` and once for the
 * routes: in production the first one runs, and all serve and enqueue. In `next dev` an edited module is loaded again:
 * what it creates joins the one that runs, and its tasks and schedules are taken over.
 *
 * @throws EscapementError as `start()` does.
 */
export async function startInNext(
  escapement: {
    readonly settings: { readonly name: string; readonly database: object }
    start(options: StartOptions): Promise<void>
  },
  { signals = true, roles }: StartOptions = {}
): Promise<void> {
  if (process.env['NEXT_PHASE'] === 'phase-production-build') return
  const { name, database } = escapement.settings
  const books = JSON.stringify([name, database])
  const started = (known[key] ??= new Set())
  if (process.env['NODE_ENV'] === 'production' && started.has(books)) return
  started.add(books)
  await escapement.start({ signals, ...(roles === undefined ? {} : { roles }) })
}
