import { once } from 'node:events'
import type { ClientBase, Connection, Submittable } from 'pg'

/** Of `pg`'s connection, what its declarations leave out. */
interface CopyingConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(reason: string): void
}

/** Sends lines of COPY's text format to a `COPY … FROM STDIN`, as fast as the connection accepts them. */
export function copyIn(client: ClientBase, text: string, chunks: Iterable<string>): Promise<void> {
  return client.query(new CopyIn(text, chunks)).written
}

/** A statement as `pg` runs it: the client calls the methods below with what the server says. */
class CopyIn implements Submittable {
  /** Resolves when the server has all lines and takes the next statement. */
  readonly written: Promise<void>
  readonly #text: string
  readonly #chunks: Iterable<string>
  readonly #over = new AbortController()
  readonly #outcome = Promise.withResolvers<void>()

  constructor(text: string, chunks: Iterable<string>) {
    this.#text = text
    this.#chunks = chunks
    this.written = this.#outcome.promise
  }

  /** The client puts its time limit in this place, and a call ends the limit. */
  callback(): void {}

  submit(connection: Connection): void {
    connection.query(this.#text)
  }

  handleCopyInResponse(connection: CopyingConnection): void {
    void this.#send(connection)
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.callback()
    this.#over.abort()
    this.#outcome.reject(error)
  }

  handleReadyForQuery(): void {
    this.callback()
    this.#outcome.resolve()
  }

  /** The server drops what comes after its own error, a `CopyFail` too, and fails the statement for any other. */
  async #send(connection: CopyingConnection): Promise<void> {
    const { stream } = connection
    const { signal } = this.#over
    try {
      for (const chunk of this.#chunks) {
        connection.sendCopyFromChunk(Buffer.from(chunk))
        // A connection that is lost never drains, and is told as an error.
        if (stream.writableNeedDrain) await once(stream, 'drain', { signal })
        signal.throwIfAborted()
      }
      connection.endCopyFrom()
    } catch (error) {
      this.#outcome.reject(error)
      connection.sendCopyFail('the lines ended early')
    }
  }
}
