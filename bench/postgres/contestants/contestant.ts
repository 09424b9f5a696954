/** Where a contestant keeps its jobs: a database that was empty, and a Redis of which it has its own part. */
export interface Place {
  readonly postgres: string
  readonly redis: string
}

/** `throughput`: many jobs wait; `latency`: one comes now and then, and is to be picked up soon. */
export type Purpose = 'throughput' | 'latency'

export interface Producer {
  /** Answers when the job is as durable as it will be. */
  enqueue(payload: object): Promise<unknown>
  /** All in the contestant's own best way for many. */
  enqueueMany(payloads: readonly object[]): Promise<unknown>
  close(): Promise<void>
}

export interface Worker {
  close(): Promise<void>
}

/** A system that does the work, by its documented interface and at its best documented settings. */
export interface Contestant {
  /** Makes its tables. */
  install(place: Place, purpose: Purpose): Promise<void>
  openProducer(place: Place, purpose: Purpose): Promise<Producer>
  /** Calls `handle` with the payload of each job. */
  startWorker(place: Place, handle: (payload: unknown) => void, purpose: Purpose): Promise<Worker>
  /** Whether no job is left that is not finished. */
  isDrained(place: Place): Promise<boolean>
}
