import { takeOut } from './copy.ts'
import type { Guard } from './guard.ts'
import { type Finding, LONG, type Session, SHORT } from './session.ts'

/** How a guard's tests ended once the guard was taken out. */
export interface Tried {
  readonly guard: Guard
  /** `untried`: the tests fail, or there are none, while the guard is in. */
  readonly verdict: 'killed' | 'survived' | 'untried'
  /** The first test that failed; undefined: none. */
  readonly failure: string | undefined
  readonly durationMs: number
}

/** Tries guards one after the other on the copy. */
export class Trial {
  readonly #folder: string
  readonly #session: Pick<Session, 'run' | 'changed'>
  readonly #before = new Map<string, Promise<Finding>>()

  constructor(folder: string, session: Pick<Session, 'run' | 'changed'>) {
    this.#folder = folder
    this.#session = session
  }

  async try(guard: Guard): Promise<Tried> {
    const startedAt = performance.now()
    const outcome = await this.#outcome(guard)
    return { guard, ...outcome, durationMs: Math.round(performance.now() - startedAt) }
  }

  async #outcome(guard: Guard): Promise<Pick<Tried, 'verdict' | 'failure'>> {
    // A test that is red anyway would kill every mutation.
    const before = await this.#withGuard(guard)
    if (before.failure !== undefined) return { verdict: 'untried', failure: before.failure }
    if (before.passed === 0) return { verdict: 'untried', failure: 'none of the tests that are named was run' }
    const putBack = takeOut(this.#folder, guard)
    try {
      await this.#session.changed(guard.file)
      const { failure } = await this.#session.run(guard.tests, SHORT)
      return { verdict: failure === undefined ? 'survived' : 'killed', failure }
    } finally {
      putBack()
      await this.#session.changed(guard.file)
    }
  }

  #withGuard({ tests }: Guard): Promise<Finding> {
    const key = JSON.stringify(tests)
    const finding = this.#before.get(key) ?? this.#session.run(tests, LONG)
    this.#before.set(key, finding)
    return finding
  }
}
