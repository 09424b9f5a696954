/** What decides who holds a seat: the books, a lock of the operating system on a file, or a lock in Redis. */
export const seatBackends = ['store', 'file', 'redis'] as const
