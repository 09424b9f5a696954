import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDriver } from '../../../src/stores/sqlite/connection/driver.ts'
import { readLayout } from '../layouts/layout-file.ts'

/** A process of the layout's release: it enqueues, claims and completes until the word to end, and tells how many jobs. */
const [file, number] = process.argv.slice(2) as [string, string]
const layout = readLayout('sqlite', Number(number))
const database = openDriver(file)
const state = { isEnding: false, jobs: 0 }

process.once('message', () => (state.isEnding = true))
database.exec('PRAGMA synchronous = OFF')
while (!state.isEnding) {
  const id = `'${randomUUID()}'`
  for (const part of ['enqueue', 'claim', 'complete'] as const) await commit(part, id)
  state.jobs += 1
  process.send?.('working')
}
database.close()
process.send?.(state.jobs)
process.disconnect()

async function commit(part: 'enqueue' | 'claim' | 'complete', id: string): Promise<void> {
  const sql = layout[part].replaceAll('{id}', id).replaceAll('{now}', String(Date.now()))
  for (;;) {
    try {
      database.exec(`BEGIN IMMEDIATE;\n${sql}\nCOMMIT`)
      return await sleep(1)
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      if (!/locked|busy/.test(String(error))) throw error
    }
    await sleep(1 + Math.random() * 5)
  }
}
