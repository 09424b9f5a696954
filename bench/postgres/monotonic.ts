/** Milliseconds of the system's monotonic clock, which all processes of a host read alike. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6
