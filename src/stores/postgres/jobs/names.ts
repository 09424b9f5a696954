import type { NewJob } from '../../../core/job/job.ts'

/** A task in a queue at a priority. */
export type Lane = Pick<NewJob, 'task' | 'queue' | 'priority'>

/**
 * The numbers of lanes and runners that this process knows. A committed number stands for its name permanently, so it
 * is read only once. Only committed numbers may be remembered. A failover may lose commits and give their numbers to
 * other names, so what was learned is forgotten when a connection is lost.
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

/** One key for the three: names hold no control characters. */
const keyOf = ({ task, queue, priority }: Lane): string => `${priority}\n${queue}\n${task}`
