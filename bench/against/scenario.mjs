// Measures one thing with one build of the library, in a process of its own, and writes the figure to standard output.
// It uses only what every commit's library has. JavaScript: stripping types would be a part of the memory.
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const [, , entry, scenario, database, count] = process.argv
const jobs = Number(count)
const { createEscapement, task } = await import(pathToFileURL(entry).href)
const payload = { to: 'harbour-master@example.org', subject: 'Arrivals', text: 'x'.repeat(84) }

let entered = 0
let firstAt = Number.NaN
const nothing = task('nothing', {
  keepCompleted: scenario === 'drain-kept' ? '7d' : 0,
  handler: () => {
    if ((entered += 1) === 1) firstAt = performance.now()
  }
})

/** Of an app with this role. */
const open = role =>
  createEscapement({ database, tasks: [nothing], roles: [role], worker: { concurrency: 100 }, logger: false })

async function enqueueAll(chunk) {
  const app = open('web')
  await app.enqueue(nothing, payload)
  const begun = performance.now()
  for (let left = jobs - 1; left > 0; left -= chunk)
    await app.enqueueMany(
      nothing,
      Array.from({ length: Math.min(chunk, left) }, () => payload)
    )
  const seconds = (performance.now() - begun) / 1_000
  await app.stop()
  return jobs / seconds
}

async function enqueueByTen() {
  const app = open('web')
  await app.enqueue(nothing, payload)
  let left = jobs
  const caller = async () => {
    while ((left -= 1) >= 0) await app.enqueue(nothing, payload)
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: 10 }, caller))
  const seconds = (performance.now() - begun) / 1_000
  await app.stop()
  return jobs / seconds
}

/** Jobs per second, from the first handler to the commit of the last report. */
async function drain() {
  await enqueueAll(1_000)
  const looked = await lookInto(database)
  const app = open('worker')
  await app.start()
  const isDrained = async () => entered >= jobs && looked.isEmpty()
  while (!(await isDrained())) await sleep(1)
  const seconds = (performance.now() - firstAt) / 1_000
  await app.stop()
  await looked.close()
  if (entered !== jobs) throw new Error(`${entered} handlers were entered for ${jobs} jobs`)
  return jobs / seconds
}

/** Whether a job waits or runs, asked by a connection of its own. */
async function lookInto(address) {
  if (address.startsWith('sqlite:')) {
    const { DatabaseSync } = await import('node:sqlite')
    const file = new DatabaseSync(address.slice('sqlite:'.length))
    const any = file.prepare('SELECT 1 FROM escapement_job LIMIT 1')
    return { isEmpty: async () => any.get() === undefined, close: async () => file.close() }
  }
  const { default: pg } = await import('pg')
  const client = new pg.Client(address)
  await client.connect()
  await client.query('ANALYZE')
  const any = '(SELECT 1 FROM escapement.job LIMIT 1) UNION ALL (SELECT 1 FROM escapement.pack LIMIT 1)'
  return { isEmpty: async () => (await client.query(any)).rowCount === 0, close: () => client.end() }
}

/** Resident memory of a worker that waits, in MB. */
async function idle() {
  const app = open('worker')
  await app.start()
  await sleep(3_000)
  const bytes = process.memoryUsage.rss()
  await app.stop()
  return bytes / 1_048_576
}

const scenarios = {
  'drain-dropped': drain,
  'drain-kept': drain,
  enqueue: enqueueByTen,
  bulk: () => enqueueAll(1_000),
  idle
}
process.stdout.write(String(await scenarios[scenario]()))
