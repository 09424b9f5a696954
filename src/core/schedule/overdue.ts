/** Due for longer than this and not decided: no scheduler keeps up, and a fire time is missing (rule 4). */
export const OVERDUE_AFTER_MS = 5_000

/** `now` is the store's time. */
export const isOverdue = (dueAt: number, now: number): boolean => dueAt < now - OVERDUE_AFTER_MS
