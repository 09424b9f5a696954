import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createEscapement, task } from '../../src/index.ts'
import { cipher } from '../runtime/attempts/cipher.ts'
import { execute, freshDatabase } from '../stores/postgres/server.ts'

/** Every value of the books, as one text. */
async function textOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ text: string | null }>(
    `SELECT string_agg(query_to_xml(format('SELECT * FROM escapement.%I', table_name), true, true, '')::text, '') AS text
     FROM information_schema.tables WHERE table_schema = 'escapement' AND table_type = 'BASE TABLE'`
  )
  return rows[0]?.text ?? ''
}

test('one job, many in packs, and those of a transaction: nothing plain is in the books, and all run', async () => {
  const url = await freshDatabase()
  const client = new Client(url)
  await client.connect()
  const codec = cipher('aes')
  const names = new Set<string>()
  let whileRunning = ''
  const mail = task<{ to: string }>('mail', {
    codec,
    handler: async ({ payload }) => {
      names.add(payload.to)
      if (payload.to === 'person 7@') whileRunning = await textOf(client)
      return { sent: payload.to }
    }
  })
  const app = createEscapement({ database: url, tasks: [mail], logger: false, worker: { concurrency: 400 } })
  onTestFinished(async () => {
    await app.stop({ graceMs: 0 })
    await client.end()
  })
  const people = Array.from({ length: 300 }, (_, number) => ({ to: `person ${number}@` }))
  await app.enqueueMany(mail, people)
  await client.query('BEGIN')
  const within = await app.enqueue(mail, { to: 'person within@' }, { client })
  await client.query('COMMIT')
  await execute(`SELECT escapement.enqueue('mail', '{"to":"by SQL"}')`, url)
  const completed = new Promise<void>(resolve => {
    let count = 0
    app.on('job.completed', () => ++count === 302 && resolve())
  })
  await app.start()
  await completed
  expect(names.size).toBe(302)
  expect(whileRunning).toContain('<greatest_id>')
  expect(whileRunning).not.toContain('person')
  expect(await textOf(client)).not.toContain('person')
  expect(await app.jobs.get(within.id)).toMatchObject({ result: { sent: 'person within@' } })
})
