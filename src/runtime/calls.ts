/**
 * The calls of an app that are under way. Each ends by itself, or is rejected when it can't be waited for any longer.
 */
export class Calls {
  readonly #refusals = new Set<(reason: Error) => void>()
  #idle: (() => void)[] = []

  run<T>(call: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#refusals.add(reject)
      const answer = (settle: () => void): void => {
        this.#refusals.delete(reject)
        settle()
        if (this.#refusals.size === 0) for (const tell of this.#idle.splice(0)) tell()
      }
      call().then(
        value => answer(() => resolve(value)),
        (error: unknown) => answer(() => reject(error))
      )
    })
  }

  /** Resolves when no call is under way. */
  idle(): Promise<void> {
    return this.#refusals.size === 0 ? Promise.resolve() : new Promise(resolve => this.#idle.push(resolve))
  }

  /** Rejects all calls under way with this reason. Their own results are dropped. */
  refuse(reason: Error): void {
    for (const reject of this.#refusals) reject(reason)
    this.#refusals.clear()
    for (const tell of this.#idle.splice(0)) tell()
  }
}
