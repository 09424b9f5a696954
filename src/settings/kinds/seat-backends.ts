/** Who holds a seat is decided by the books, by a lock of the operating system on a file, or by a lock in Redis. */
export const seatBackends = ['store', 'file', 'redis'] as const
