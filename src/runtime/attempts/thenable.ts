/** Whether to wait for it. Throws what its `then` throws when it is asked for. */
export const isThenable = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof (value as { then?: unknown } | undefined | null)?.then === 'function'
