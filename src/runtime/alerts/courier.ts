import type { Clock } from '../../clock/clock.ts'
import { type AlertChannel, viewOfNotice } from '../../core/alerts/channel.ts'
import { retryNoticeAt } from '../../core/alerts/notice.ts'
import { errorOf, messageOf } from '../../core/job/thrown.ts'
import type { ClaimedNotice } from '../../store/alerts.ts'
import type { Store } from '../../store/store.ts'
import type { Emitter } from '../events/emitter.ts'

const AT_ONCE = 10
/** What takes longer is tried again later. */
const SEND_MS = 30_000
/** Longer than a send takes: nobody else sends it meanwhile. */
const HOLD_MS = 90_000

export interface CourierOptions {
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly channels: readonly AlertChannel[]
}

/** Sends the notices of the books that are for the channels of this process. */
export class Courier {
  readonly #options: CourierOptions
  readonly #channels: ReadonlyMap<string, AlertChannel>

  constructor(options: CourierOptions) {
    this.#options = options
    this.#channels = new Map(options.channels.map(channel => [channel.name, channel]))
  }

  /** Sends what is due, at most 10 at once. Returns whether there may be more. */
  async step(): Promise<boolean> {
    const channels = [...this.#channels.keys()]
    const claimed = await this.#options.store.claimNotices({ channels, limit: AT_ONCE, holdMs: HOLD_MS })
    await Promise.all(claimed.map(each => this.#deliver(each)))
    return claimed.length === AT_ONCE
  }

  async #deliver(claimed: ClaimedNotice): Promise<void> {
    const { store, events } = this.#options
    const { notice, channel, fence, tries } = claimed
    const { id, kind, madeAt } = notice
    try {
      await this.#send(claimed)
    } catch (cause) {
      const error = errorOf(cause)
      const retryAt = retryNoticeAt(madeAt, tries + 1, await store.now())
      await store.settleNotice({ id, fence, problem: messageOf(error).slice(0, 1_000), retryAt })
      events.emit('alert.unsent', { channel, noticeId: id, error, retryAt })
      return
    }
    await store.settleNotice({ id, fence, problem: undefined })
    events.emit('alert.sent', { channel, noticeId: id, kind })
  }

  /** A channel that ignores its signal keeps nobody waiting. */
  async #send({ notice, channel }: ClaimedNotice): Promise<void> {
    const { store, clock } = this.#options
    const controller = new AbortController()
    const { promise, reject } = Promise.withResolvers<never>()
    const disarm = clock.after(SEND_MS, () => {
      const late = new Error(`The channel "${channel}" has not sent the notice within ${SEND_MS / 1_000} s.`)
      controller.abort(late)
      reject(late)
    })
    const idempotencyKey = `${store.id}/${notice.id}`
    const sending = { idempotencyKey, signal: controller.signal }
    try {
      await Promise.race([(async () => this.#channels.get(channel)!.send(viewOfNotice(notice), sending))(), promise])
    } finally {
      disarm()
    }
  }
}
