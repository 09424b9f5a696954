import type { Clock } from '../../clock/clock.ts'
import type { Deposal } from '../../coordination/seat.ts'
import { EscapementError } from '../../core/errors.ts'
import { checkOptions } from '../../core/options/options.ts'
import type { PayloadOf, TaskName } from '../../core/job/task-registry.ts'
import type { AnyTask, Task } from '../../core/job/task.ts'
import type { EnqueueAnswer } from '../../store/jobs.ts'
import type { SeatTerm } from '../../store/seats.ts'
import type { Store } from '../../store/store.ts'
import { jobDoor } from '../../operations/enqueue/job-doors.ts'
import { type JobOptions, newJob, takeOptions } from '../../operations/enqueue/new-job.ts'
import { acceptedText, takePayload } from '../../operations/enqueue/payload.ts'
import { keepRedactions } from '../../operations/redactions.ts'

/** One election of this process to a seat. */
export interface Tenure extends SeatTerm {
  /** Aborted as soon as the seat is lost or given up. */
  readonly signal: AbortSignal
  /**
   * Creates one job in the seat's name. It is written only if this is still the seat's term, which the same write
   * checks.
   *
   * @throws EscapementError `seat-lost`, and what `enqueue` throws.
   */
  enqueue<Input>(task: Task<Input>, payload: NoInfer<Input>, options?: JobOptions): Promise<EnqueueAnswer>
  enqueue<Name extends TaskName>(task: Name, payload: PayloadOf<Name>, options?: JobOptions): Promise<EnqueueAnswer>
}

/** What an app does with a seat. A callback that throws does not harm the seat. */
export interface SeatListener {
  /** May run until its signal is aborted. Outside the books, `term` serves as a fencing token: it only grows. */
  readonly onElected?: ((tenure: Tenure) => unknown) | undefined
  /** Called before another process can be elected, unless the event loop was blocked for longer than that. */
  readonly onDeposed?: ((tenure: Tenure, why: Deposal) => unknown) | undefined
}

export interface TenureOptions {
  readonly clock: Clock
  readonly newId: () => string
  /** @throws EscapementError `task-unknown` */
  readonly taskOf: (task: AnyTask | string) => AnyTask
}

export function tenureOf(
  { seat, term }: SeatTerm,
  signal: AbortSignal,
  { store, clock, newId, taskOf }: TenureOptions & { readonly store: Store }
): Tenure {
  const enqueue = async (
    named: AnyTask | string,
    payload: unknown,
    options: JobOptions = {}
  ): Promise<EnqueueAnswer> => {
    checkOptions('enqueue()', options, jobDoor)
    const task = taskOf(named)
    const said = takeOptions(options)
    const payloadText = await acceptedText(task, takePayload(task, payload))
    const job = newJob(task, payloadText, said, { newId, now: clock.now() })
    await keepRedactions(store, [task])
    const answers = signal.aborted ? 'deposed' : await store.enqueueInSeat({ seat, term }, [job])
    if (answers !== 'deposed') return answers[0]!
    throw new EscapementError(
      'seat-lost',
      `A job of ${JSON.stringify(task.name)} was not enqueued: term ${term} of the seat "${seat}" has ended.`
    )
  }
  return { seat, term, signal, enqueue: enqueue as Tenure['enqueue'] }
}
