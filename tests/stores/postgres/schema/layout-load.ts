import { EventEmitter, once } from 'node:events'
import { Client } from 'pg'
import type { LayoutFile } from '../../layouts/layout-file.ts'
import { serverUrl } from '../server.ts'

export interface Load {
  /** Resolves when each connection has gone round once more: it enqueued, claimed and completed. */
  round(): Promise<void>
  /** Resolves when every job that was enqueued has been completed, with their number. */
  end(): Promise<number>
}

/** What processes of the layout's release go on doing: each enqueues, claims and completes on a connection of its own. */
export function startLoad(layout: LayoutFile, schema: string, connections = 3): Load {
  const state = { isEnding: false, rounds: Array.from({ length: connections }, () => 0) }
  const turned = new EventEmitter()
  const sqlOf = (part: 'enqueue' | 'claim' | 'complete'): string => layout[part].replaceAll('{schema}', schema)
  const work = async (_: unknown, connection: number): Promise<number> => {
    const client = new Client({ connectionString: serverUrl() })
    await client.connect()
    let enqueued = 0
    try {
      while (!state.isEnding) {
        for (let job = 0; job < 3; job++) await client.query(sqlOf('enqueue'))
        enqueued += 3
        await completeSome(client)
        state.rounds[connection]! += 1
        turned.emit('turned')
      }
      while ((await completeSome(client)) > 0);
      return enqueued
    } finally {
      await client.end()
    }
  }
  const completeSome = async (client: Client): Promise<number> => {
    const { rows } = await client.query<{ id: string; fence: string }>(sqlOf('claim'))
    if (rows.length > 0)
      await client.query(sqlOf('complete'), [rows.map(({ id }) => id), rows.map(({ fence }) => fence)])
    return rows.length
  }
  const working = Promise.all(Array.from({ length: connections }, work))
  // An error is told at the end; until then it is not taken for one that nobody handles.
  working.catch(() => undefined)
  return {
    round: async () => {
      const before = [...state.rounds]
      while (state.rounds.some((count, connection) => count <= before[connection]!))
        await Promise.race([once(turned, 'turned'), working])
    },
    end: async () => {
      state.isEnding = true
      return (await working).reduce((sum, count) => sum + count, 0)
    }
  }
}
