import { EscapementError } from '../../core/errors.ts'

/**
 * PGlite has one connection: a transaction on it blocks all other users. They wait in order of arrival, and only up to
 * a limit: without it, a transaction whose body waits for another call of the store would wait forever.
 */
export class Turn {
  #last: Promise<unknown> = Promise.resolve()

  async take<T>(limitMs: number, run: () => Promise<T>): Promise<T> {
    const before = this.#last
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    this.#last = before.then(() => ended)
    try {
      await within(before, limitMs)
      return await run()
    } finally {
      end()
    }
  }
}

async function within(before: Promise<unknown>, limitMs: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const text = `The PGlite database was held by a transaction for longer than an operation may wait (${limitMs} ms).`
    reject(new EscapementError('store-busy', text, { cause: new Error('PGlite is one connection') }))
  }, limitMs)
  try {
    await Promise.race([before, late])
  } finally {
    clearTimeout(timer)
  }
}
