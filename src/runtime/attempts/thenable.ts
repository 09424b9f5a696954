/** Whether the value has to be awaited. Throws if reading its `then` throws. */
export const isThenable = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof (value as { then?: unknown } | undefined | null)?.then === 'function'
