import { setTimeout as pass } from 'node:timers/promises'
import type { Recorder } from '../recorder.ts'
import type { Product } from './product.ts'
import { RESTLESS } from '../workload.ts'

const PAUSED_MS = 2_500
const AGAIN_AFTER_MS = 7_000
const TRY_AGAIN_MS = 250

export interface OperatorOptions {
  readonly product: Product
  readonly url: string
  readonly recorder: Recorder
  /** No pause begins when less than a pause is left. */
  readonly untilMs: number
}

/**
 * Pauses and resumes one schedule again and again, as somebody at the command line would, until so many ms have passed.
 */
export async function operate({ product, url, recorder, untilMs }: OperatorOptions): Promise<void> {
  const escapement = product.createEscapement({ database: url, logger: false })
  const rounds = Math.max(1, Math.floor(untilMs / (PAUSED_MS + AGAIN_AFTER_MS)))
  for (let round = 0; round < rounds; round++) {
    await pass(Math.min(AGAIN_AFTER_MS, untilMs / 4))
    recorder.write({ what: 'schedule.pausing', schedule: RESTLESS })
    await insist(() => escapement.schedules.pause(RESTLESS))
    recorder.write({ what: 'schedule.paused', schedule: RESTLESS })
    await pass(PAUSED_MS)
    recorder.write({ what: 'schedule.resuming', schedule: RESTLESS })
    await insist(() => escapement.schedules.resume(RESTLESS))
    recorder.write({ what: 'schedule.resumed', schedule: RESTLESS })
  }
  await escapement.stop()
}

/** Until the store responds. */
async function insist(act: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await act()
    } catch {
      await pass(TRY_AGAIN_MS)
    }
  }
}
