/**
 * The calls of an app that are under way. Each ends by itself, or is rejected when it can't be waited for any longer.
 */
export class Calls {
  readonly #refusals = new Set<(reason: Error) => void>()
  #idle: (() => void)[] = []

  run<T>(call: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const result = call()
      if (!(result instanceof Promise)) return resolve(result)
      this.#refusals.add(reject)
      result.then(
        value => {
          resolve(value)
          this.#end(reject)
        },
        (error: unknown) => {
          reject(error)
          this.#end(reject)
        }
      )
    })
  }

  #end(call: (reason: Error) => void): void {
    this.#refusals.delete(call)
    if (this.#refusals.size === 0 && this.#idle.length > 0) for (const tell of this.#idle.splice(0)) tell()
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
