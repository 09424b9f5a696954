/** The exit status of a master. `docs/guides/topologies.md` has the table, and a test compares the two. */
export const exitCodes = {
  /** Stopped on request, and every process ended by itself. */
  stopped: 0,
  failed: 1,
  /** Wrong options, or an invalid config. */
  wrongUse: 2,
  /** A process kept ending early; the limit of restarts was reached. */
  crashLoop: 3,
  /** Stopped on request, but a process had to be killed after its grace. */
  killed: 4,
  /** The address to listen on is taken or not available. */
  addressTaken: 5
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
