import type { ChildProcess } from 'node:child_process'
import { messageOf, withChildren } from '../children.ts'
import type { Verbs } from './contestant-child.ts'
import type { ContestantName } from './contestants/all.ts'
import type { Addresses } from './contestants/contestant.ts'

type Answer<Verb extends keyof Verbs> = Awaited<ReturnType<Verbs[Verb]>>

/** A process of a contestant. It serves one call at a time. */
export class ContestantProcess {
  readonly #child: ChildProcess

  constructor(child: ChildProcess) {
    this.#child = child
  }

  async call<Verb extends keyof Verbs>(verb: Verb, ...args: Parameters<Verbs[Verb]>): Promise<Answer<Verb>> {
    const answer = messageOf(this.#child)
    this.#child.send([verb, ...args])
    const { value, problem } = (await answer) as { value: Answer<Verb>; problem?: string }
    if (problem !== undefined) throw new Error(problem)
    return value
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}

export interface Party {
  readonly name: ContestantName
  readonly addresses: Addresses
  readonly count: number
}

/** Starts processes of the contestant for `use`, and ends them after it. */
export const withProcesses = <T>(
  { name, addresses, count }: Party,
  use: (processes: readonly ContestantProcess[]) => Promise<T>
): Promise<T> =>
  withChildren(
    new URL('contestant-child.ts', import.meta.url),
    { count, args: [name, JSON.stringify(addresses)] },
    children => use(children.map(child => new ContestantProcess(child)))
  )

/** One process of the contestant. */
export const withProcess = <T>(
  party: Omit<Party, 'count'>,
  use: (contestant: ContestantProcess) => Promise<T>
): Promise<T> => withProcesses({ ...party, count: 1 }, ([contestant]) => use(contestant!))
