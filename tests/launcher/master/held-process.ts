import type { StartFailure } from '../../../src/launcher/protocol.ts'
import type { Ended } from '../../../src/launcher/master/launched-process.ts'
import type { PositionedProcess } from '../../../src/launcher/master/position.ts'
import type { Haste } from '../../../src/launcher/stop-signals.ts'

let pids = 100

/** A process that becomes ready, fails and ends when a test says so, and keeps what it was told. */
export class HeldProcess implements PositionedProcess {
  readonly pid = ++pids
  readonly url = undefined
  readonly orders: string[] = []
  readonly #ready = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<Ended>()
  readonly ready = this.#ready.promise
  readonly ended = this.#ended.promise
  isReady = false
  wasKilled = false
  failure: StartFailure | undefined

  becomeReady(): Promise<void> {
    this.isReady = true
    this.#ready.resolve()
    return settled()
  }

  end(ended: Partial<Ended> = {}): Promise<void> {
    this.#ended.resolve({ code: 0, signal: null, lifeMs: 300, ...ended })
    return settled()
  }

  fail(failure: StartFailure): Promise<void> {
    this.failure = failure
    return this.end({ code: failure.status })
  }

  stop(haste: Haste, { hasSuccessor = false } = {}): void {
    this.orders.push(hasSuccessor ? `${haste}, succeeded` : haste)
    if (haste === 'kill') {
      this.wasKilled = true
      this.#ended.resolve({ code: null, signal: 'SIGKILL', lifeMs: 300 })
    }
  }
}

/** Everything that follows from what was resolved has happened. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
