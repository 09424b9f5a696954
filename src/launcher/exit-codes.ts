/** How a master ends, for whoever started it. `docs/guides/topologies.md` has the table, and a test compares the two. */
export const exitCodes = {
  /** Stopped as it was asked to, and every process ended by itself. */
  stopped: 0,
  failed: 1,
  /** Wrong options, or a config that cannot be. */
  wrongUse: 2,
  /** A process kept ending early; the limit of restarts was reached. */
  crashLoop: 3,
  /** Stopped as it was asked to, but a process had to be killed after its grace. */
  killed: 4,
  /** The address to listen on is taken, or may not be had. */
  addressTaken: 5
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
