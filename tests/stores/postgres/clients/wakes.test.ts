import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { openBooks } from '../../../../src/stores/postgres/open.ts'
import { withinClients } from '../../../../src/stores/postgres/clients/within-clients.ts'
import { jobId, newJob } from '../../../conformance/fixtures.ts'
import { freshDatabase } from '../server.ts'

let url: string
let opened: Awaited<ReturnType<typeof openBooks>>
let made = 0
const aJob = () => newJob({ id: jobId(++made) })

beforeAll(async () => {
  url = await freshDatabase()
  opened = await openBooks({ connection: url })
})
afterAll(() => opened.database.close())
afterEach(() => vi.restoreAllMocks())

async function connect(): Promise<Client> {
  const client = new Client(url)
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

/** What arrives on a channel; `mark` waits until all that was sent before it has. */
async function listen(channel: string) {
  const [line, sender] = [await connect(), await connect()]
  const heard: string[] = []
  let arrived = (): void => undefined
  line.on('notification', ({ payload = '' }) => {
    heard.push(payload)
    if (payload.startsWith('mark')) arrived()
  })
  await line.query(`LISTEN ${channel}`)
  const mark = (name: string): Promise<void> =>
    new Promise(resolve => {
      arrived = resolve
      void sender.query(`NOTIFY ${channel}, '${name}'`)
    })
  return { heard, mark }
}

test('a commit is told of, and not before it has come', async () => {
  const { heard, mark } = await listen('commits')
  const enqueueWithin = withinClients(opened, 'commits')
  const client = await connect()
  await client.query('BEGIN')
  await enqueueWithin(client, [aJob()])
  await mark('mark before')
  await client.query('COMMIT')
  await mark('mark after')
  expect(heard).toEqual(['mark before', '', 'mark after'])
})

test('what is rolled back is not told of', async () => {
  const { heard, mark } = await listen('rollbacks')
  const client = await connect()
  await client.query('BEGIN')
  await withinClients(opened, 'rollbacks')(client, [aJob()])
  await client.query('ROLLBACK')
  await mark('mark')
  expect(heard).toEqual(['mark'])
})

test('of many commits twenty a second are told', async () => {
  const { heard, mark } = await listen('many')
  const enqueueWithin = withinClients(opened, 'many')
  const client = await connect()
  const clock = vi.spyOn(performance, 'now')
  for (const at of [1_000, 1_049, 1_050, 1_099]) {
    clock.mockReturnValueOnce(at)
    await enqueueWithin(client, [aJob()])
  }
  await mark('mark')
  expect(heard).toEqual(['', '', 'mark'])
})
