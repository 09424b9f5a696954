/** Where a contestant keeps its jobs: a database that was empty, and a Redis of which it has its own part. */
export interface Addresses {
  readonly postgres: string
  readonly redis: string
  /** Ours: after how long silence a node is lost; by default what the product has. */
  readonly leaseTtlMs?: number
}

/** What is done with the payload of each job. The signal is given for recovery, by those who have one. */
export type Handle = (payload: unknown, signal?: AbortSignal) => void | Promise<void>

/**
 * `throughput`: many jobs wait; `latency`: one comes now and then, and is to be picked up soon; `recovery`: one runs
 * for long, and its handler looks at its signal.
 */
export type Purpose = 'throughput' | 'latency' | 'recovery'

export interface Producer {
  /** Resolves when the job is as durable as it will be. */
  enqueue(payload: object): Promise<unknown>
  /** All in the contestant's own best way for many. */
  enqueueMany(payloads: readonly object[]): Promise<void>
  close(): Promise<void>
}

export interface Worker {
  close(): Promise<void>
}

/** A system that does the work, by its documented interface and at its best documented settings. */
export interface Contestant {
  /** Makes its tables. */
  install(addresses: Addresses, purpose: Purpose): Promise<void>
  openProducer(addresses: Addresses, purpose: Purpose): Promise<Producer>
  startWorker(addresses: Addresses, handle: Handle, purpose: Purpose): Promise<Worker>
  /** Whether no job is left that is not finished. */
  isDrained(addresses: Addresses): Promise<boolean>
  /** Makes so many schedules, none of them due soon, in its own best way. */
  register?(addresses: Addresses, schedules: number): Promise<void>
}
