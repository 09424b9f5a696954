const SAMPLES = 5

/**
 * How far one clock is ahead of another. `ahead` reads the first clock, then the second, and subtracts. A process that is
 * interrupted between the two finds too little, so the largest of a few samples is the most exact.
 */
export const aheadBy = (ahead: () => number): number => Math.max(...Array.from({ length: SAMPLES }, ahead))
