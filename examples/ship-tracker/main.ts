import { createEscapement } from 'escapement'
import { findChromium } from './chromium.ts'
import { latestFires, upcoming } from './fires.ts'
import { HARBOUR_PATH } from './harbour-site.ts'
import { openArrivals } from './open-arrivals.ts'
import { type RunningServer, listen } from './server.ts'
import { type Settings, readSettings } from './settings.ts'
import { shipTracker } from './tracker.ts'
import { website } from './web.ts'

/** The tracker in this process: its pages, and whatever of scheduler and worker the environment asks of it. */
async function run(settings: Settings, stopAsked: Promise<string>): Promise<void> {
  let isStopping = false
  let server: RunningServer | undefined
  const { host, port, pictureFile, database, every } = settings
  const harbourUrl = (): string => settings.harbourUrl ?? `${server?.url}${HARBOUR_PATH}`
  const book = await openArrivals(database)
  const tracker = shipTracker({ every, harbourUrl, chromium: settings.chromium ?? findChromium(), pictureFile, book })
  const app = createEscapement({ database: database.url, ...tracker })
  const site = website({
    arrivals: () => book.arrivals(),
    visits: limit => book.visits(limit),
    upcoming: () => upcoming(app),
    fires: limit => latestFires(app, limit),
    pictureFile,
    isStopping: () => isStopping
  })
  try {
    // Listens first: a visit reads the harbour that this server answers for.
    server = await listen(site, host, port)
    await app.start()
    console.log(`ship tracker at ${server.url}`)
    console.log(`ship tracker stopping: ${await stopAsked}`)
  } finally {
    isStopping = true
    await app.stop()
    await server?.close()
    await book.close()
  }
}

const stop = Promise.withResolvers<string>()
// A terminal sends Ctrl-C to every process of the group, and whoever started this one may pass it on: once is enough.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop.resolve(signal))

try {
  await run(readSettings(process.env), stop.promise)
  process.exit(0)
} catch (error) {
  console.error(`ship tracker: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
