/** How many values of a label are shown: tasks, queues, seats. */
export const MAX_VALUES = 200

export const seconds = (ms: number): number => ms / 1_000
