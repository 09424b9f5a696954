import type { NewJob } from '../../../core/job/job.ts'

/** A task in a queue at a priority. */
export type Lane = Pick<NewJob, 'task' | 'queue' | 'priority'>

/**
 * The numbers of lanes and runners, as far as this process has met them. A number, once committed, stands for its name
 * for good, so that what was read need not be read again; only committed ones may be remembered. But a failover may forget
 * commits, and give the numbers to others: with a connection ends what was learned.
 */
export class Names {
  readonly #numbers = new Map<string, number>()
  readonly #lanes = new Map<number, Lane>()
  readonly #runners = new Map<string, number>()

  forget(): void {
    this.#numbers.clear()
    this.#lanes.clear()
    this.#runners.clear()
  }

  laneNumber(lane: Lane): number | undefined {
    return this.#numbers.get(keyOf(lane))
  }

  lane(number: number): Lane | undefined {
    return this.#lanes.get(number)
  }

  rememberLane(number: number, { task, queue, priority }: Lane): void {
    const lane = { task, queue, priority }
    this.#numbers.set(keyOf(lane), number)
    this.#lanes.set(number, lane)
  }

  runnerNumber(node: string): number | undefined {
    return this.#runners.get(node)
  }

  rememberRunner(number: number, node: string): void {
    this.#runners.set(node, number)
  }
}

/** One key for the three: no name holds a control character. */
const keyOf = ({ task, queue, priority }: Lane): string => `${priority}\n${queue}\n${task}`
