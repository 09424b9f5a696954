/** A fire time that is undecided for longer than this is missing: no scheduler keeps up (rule 4). */
export const OVERDUE_AFTER_MS = 5_000

/** `now` is the store's time. */
export const isOverdue = (dueAt: number, now: number): boolean => dueAt < now - OVERDUE_AFTER_MS
