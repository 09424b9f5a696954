import type { PgliteDatabase } from './database.ts'

/** Hears of writes of other stores on the same database, as long as there is a listener. */
export class Wakes {
  readonly #database: PgliteDatabase
  readonly #channel: string
  readonly #ownId: string
  readonly #listeners = new Set<() => void>()
  #listening: Promise<(() => Promise<void>) | undefined> | undefined

  constructor(database: PgliteDatabase, channel: string, ownId: string) {
    this.#database = database
    this.#channel = channel
    this.#ownId = ownId
  }

  add(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    this.#listening ??= this.#listen()
    return () => {
      this.#listeners.delete(own)
    }
  }

  async end(): Promise<void> {
    this.#listeners.clear()
    const stop = await this.#listening
    await stop?.()
  }

  async #listen(): Promise<(() => Promise<void>) | undefined> {
    try {
      const stop = await this.#database.listen(this.#channel, payload => {
        if (payload !== this.#ownId) this.#callAll()
      })
      // Writes until now were not heard.
      this.#callAll()
      return stop
    } catch {
      // Every store also polls.
      return undefined
    }
  }

  #callAll(): void {
    for (const listener of this.#listeners) listener()
  }
}
