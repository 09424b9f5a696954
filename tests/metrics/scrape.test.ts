import { expect, test } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { task } from '../../src/core/job/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { Scraper } from '../../src/metrics/scrape.ts'
import type { Store } from '../../src/store/store.ts'
import { Lab } from '../runtime/lab.ts'

const mail = task('mail', { handler: () => undefined, queue: 'letters' })
const often = schedule('often', { task: mail, trigger: every('10s') })

const scraperOf = (lab: Lab): Scraper =>
  new Scraper({ clock: lab.clock, version: '1.2.3', successWithin: new Map([['often', 30_000]]) })

/** The lines of a scrape by their names and labels. */
async function numbers(scraper: Scraper, store: Store): Promise<Record<string, number>> {
  const lines = (await scraper.scrape(store, 'prometheus')).split('\n').filter(line => !/^(#|$)/.test(line))
  return Object.fromEntries(
    lines.map(line => [line.slice('escapement_'.length, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))])
  )
}

test('a scrape has the numbers of all processes, from the books alone', async () => {
  const lab = new Lab()
  const node = await lab.started({ tasks: [mail], schedules: [often] })
  for (let round = 1; round <= 2; round++) {
    lab.clock.set(lab.clock.now() + 10_000)
    await node.renew()
    await node.tick()
    await node.work()
  }
  await node.renew()
  const found = await numbers(scraperOf(lab), lab.store())
  expect(found).toMatchObject({
    'build_info{version="1.2.3"}': 1,
    'fires_total{decision="fired"}': 2,
    'job_outcomes_total{task="mail",outcome="completed"}': 2,
    'nodes{role="scheduler",phase="alive"}': 1,
    'nodes{role="worker",phase="alive"}': 1,
    'nodes{role="worker",phase="lost"}': 0,
    'fire_lateness_seconds_bucket{le="0.01"}': 2,
    fire_lateness_seconds_count: 2,
    'job_wait_seconds_bucket{task="mail",le="+Inf"}': 2,
    'job_wait_seconds_count{task="mail"}': 2,
    'job_duration_seconds_count{task="mail"}': 2,
    'job_duration_seconds_sum{task="mail"}': 0,
    'schedule_success_within_seconds{schedule="often"}': 30,
    'schedule_last_success_age_seconds{schedule="often"}': 0,
    'incidents{rule="stale"}': 0,
    rescues_total: 0,
    stale_reports_total: 0,
    oldest_undecided_seconds: 0,
    unknown_tasks: 0,
    stat_age_seconds: 0
  })
  lab.clock.set(lab.clock.now() + 40_000)
  expect(await numbers(scraperOf(lab), lab.store())).toMatchObject({
    oldest_undecided_seconds: 30,
    'schedule_last_success_age_seconds{schedule="often"}': 40
  })
})

test('unfinished jobs are counted every 15 s, and no scrape but the first waits for that', async () => {
  const lab = new Lab()
  const node = await lab.started({ tasks: [mail] })
  const scraper = scraperOf(lab)
  let counts = 0
  const held = Promise.withResolvers<void>()
  const store: Store = {
    ...lab.store(),
    listQueues: async () => {
      if (++counts > 1) await held.promise
      return lab.store().listQueues()
    }
  }
  const waiting = 'jobs{queue="letters",state="available"}'
  await node.enqueuer.enqueue(mail, null)
  expect(await numbers(scraper, store)).toMatchObject({ [waiting]: 1 })
  await node.enqueuer.enqueue(mail, null)
  lab.clock.set(lab.clock.now() + 14_000)
  expect(await numbers(scraper, store)).toMatchObject({ [waiting]: 1, stat_age_seconds: 14 })
  expect(counts).toBe(1)
  lab.clock.set(lab.clock.now() + 1_000)
  expect(await numbers(scraper, store)).toMatchObject({ [waiting]: 1, stat_age_seconds: 15 })
  expect(counts).toBe(2)
  held.resolve()
  await expect.poll(() => numbers(scraper, store)).toMatchObject({ [waiting]: 2, stat_age_seconds: 0 })
  expect(counts).toBe(2)
})

test('a count that fails leaves the last one, whose age is to be seen', async () => {
  const lab = new Lab()
  await lab.started({ tasks: [mail] })
  const scraper = scraperOf(lab)
  const failing: Store = { ...lab.store(), listQueues: () => Promise.reject(new Error('too slow')) }
  expect(await numbers(scraper, failing)).not.toHaveProperty('stat_age_seconds')
  lab.clock.set(lab.clock.now() + 15_000)
  await numbers(scraper, lab.store())
  expect(await numbers(scraper, lab.store())).toMatchObject({ stat_age_seconds: 0 })
  lab.clock.set(lab.clock.now() + 20_000)
  expect(await numbers(scraper, failing)).toMatchObject({ stat_age_seconds: 20 })
})

test('counters and histograms stay when their node is gone, and when the tally is rolled up and dropped', async () => {
  const lab = new Lab()
  const slow = task('slow', { handler: () => lab.clock.sleep(2_000) })
  const node = await lab.started({ tasks: [slow] })
  await node.enqueuer.enqueue(slow, null)
  await node.claim()
  await lab.clock.advance(2_000)
  await node.work()
  await node.renew()
  const before = await numbers(scraperOf(lab), lab.store())
  await node.stop()
  lab.clock.set(lab.clock.now() + 500 * 86_400_000)
  const now = lab.clock.now()
  await lab.store().prune({
    ledgerBefore: 0,
    unsuccessfulBefore: 0,
    auditBefore: 0,
    nodesBefore: now,
    tallyAt: now,
    limit: 1_000
  })
  expect(await lab.store().readTally({ from: 0, until: now })).toEqual([])
  const after = await numbers(scraperOf(lab), lab.store())
  const counters = Object.keys(before).filter(name => /^job_(wait|duration|outcomes)/.test(name))
  expect(counters.length).toBeGreaterThan(20)
  for (const name of counters) expect(after[name], name).toBe(before[name])
  expect(after).toMatchObject({
    'job_duration_seconds_sum{task="slow"}': 2,
    'job_duration_seconds_bucket{task="slow",le="1"}': 0,
    'job_duration_seconds_bucket{task="slow",le="3"}': 1
  })
})

test('the oldest job of a queue, open incidents and takeovers are seen', async () => {
  const lab = new Lab()
  const node = await lab.started({ tasks: [mail] })
  await node.enqueuer.enqueue(mail, null)
  lab.clock.set(lab.clock.now() + 9_000)
  const store = lab.store()
  const holder = (id: string) => ({ id, host: 'harbour', pid: 1 })
  const claim = { seat: 'primary', ttlMs: 1_000 }
  await store.takeSeat({ ...claim, term: 1, holder: holder('ada'), seen: undefined })
  const [seen] = await store.listSeats()
  await store.takeSeat({ ...claim, term: 2, holder: holder('bob'), seen })
  expect(await numbers(scraperOf(lab), store)).toMatchObject({
    'queue_oldest_available_seconds{queue="letters"}': 9,
    'takeovers_total{seat="primary"}': 1,
    'seat_term{seat="primary"}': 2
  })
})
