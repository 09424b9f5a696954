import { Client, type QueryResultRow } from 'pg'

/** One statement, by a connection of its own. */
export async function query<Row extends QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

export const hasRows = async (url: string, text: string): Promise<boolean> => (await query(url, text)).length > 0
