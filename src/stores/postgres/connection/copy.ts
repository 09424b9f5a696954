import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from } from 'pg-copy-streams'

/** Sends lines of COPY's text format to a `COPY … FROM STDIN`, as fast as the connection accepts them. */
export async function copyIn(client: ClientBase, text: string, chunks: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(chunks), client.query(from(text)))
}
