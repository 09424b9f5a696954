import { DoNotRetry, every, schedule, task } from 'escapement'
import type { ArrivalsBook } from './arrivals.ts'
import { takePicture } from './picture.ts'
import { HarbourPageChanged, scrapeArrivals } from './scraper.ts'
import type { ShipCall } from './timetable.ts'

export interface TrackerOptions {
  /** How often, as a duration. */
  every: string
  /** Asked at each visit: the app's own harbour has an address only once its server listens. */
  harbourUrl: () => string
  /** The browser's executable; undefined where none was found. */
  chromium: string | undefined
  pictureFile: string
  book: ArrivalsBook
}

/** The tracker's one task and its one schedule, for `createEscapement`. */
export function shipTracker(options: TrackerOptions) {
  const scrape = task('scrape-arrivals', {
    timeout: '60s',
    maxAttempts: 5,
    keepCompleted: '2d',
    handler: async ({ step, transaction, signal, log, idempotencyKey, fireAt, lateMs }) => {
      // A visit that is cut short goes on where it was: a step that is done is not done again.
      const found = await step('scrape', () => visitHarbour(options.harbourUrl(), signal))
      const picture = await step('picture', () =>
        takePicture({ url: found.url, chromium: options.chromium, file: options.pictureFile, signal })
      )
      if (!picture.taken) log.warn({ reason: picture.note }, 'no photograph could be taken')
      log.info({ arrivals: found.calls.length, lateMs }, 'the harbour was visited')
      const visit = { ...found, key: idempotencyKey, fireAt: fireAt?.getTime() ?? null, picture }
      return options.book.save(transaction, visit)
    }
  })
  const plan = schedule('ship-arrivals', {
    task: scrape,
    trigger: every(options.every),
    runAtStart: true,
    coalesce: 'latest',
    misfireGrace: '5m'
  })
  return { tasks: [scrape], schedules: [plan] }
}

async function visitHarbour(
  url: string,
  signal: AbortSignal
): Promise<{ url: string; visitedAt: number; calls: ShipCall[] }> {
  try {
    const calls = await scrapeArrivals(url, signal)
    return { url, visitedAt: Date.now(), calls }
  } catch (error) {
    // No attempt of this job will read a page that it was not written for; the next fire time looks again.
    if (error instanceof HarbourPageChanged) throw new DoNotRetry(error.message, { cause: error })
    throw error
  }
}
