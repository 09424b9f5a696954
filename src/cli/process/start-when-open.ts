import { systemClock } from '../../clock/system.ts'
import type { Clock } from '../../clock/clock.ts'
import type { Escapement } from '../../app/escapement.ts'
import { exitCodes } from '../../launcher/exit-codes.ts'
import type { RunAssignment } from '../../launcher/protocol.ts'
import type { Supervisor } from '../../launcher/process/supervisor.ts'
import { hopeOf } from './books-hope.ts'
import { commandFailureOf, Refused } from '../failures.ts'

const FIRST_PAUSE_MS = 250
const MAX_PAUSE_MS = 10_000

/**
 * Starts Escapement under a supervisor. If the assignment says so, retries with growing pauses while the books can't be
 * opened yet. Reports that once, not again when the reason changes.
 *
 * @throws Refused with the status of a wrong use, if another try would fail in the same way.
 */
export async function startWhenOpen(
  escapement: Pick<Escapement, 'start' | 'on'>,
  supervisor: Pick<Supervisor, 'tell'>,
  { plan, waitsForBooks }: Pick<RunAssignment, 'plan' | 'waitsForBooks'>,
  clock: Clock = systemClock
): Promise<void> {
  let isWaiting = false
  // A watch lasts as long as a process may take to become ready.
  escapement.on('books.watching', ({ nodes }) => {
    if (!isWaiting) supervisor.tell({ type: 'waits', reason: `${nodes.join(', ')} may still work on the books` })
    isWaiting = true
  })
  for (let tries = 0; ; tries++) {
    try {
      await escapement.start({ roles: plan.roles })
      if (isWaiting) supervisor.tell({ type: 'waits', reason: null })
      return
    } catch (error) {
      const hope = hopeOf(error)
      if (hope === 'stays') throw forGood(error)
      if (hope === 'unknown' || !waitsForBooks) throw error
      if (!isWaiting) supervisor.tell({ type: 'waits', reason: (error as Error).message })
      isWaiting = true
      await clock.sleep(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries))
    }
  }
}

function forGood(error: unknown): Refused {
  const { code, message } = commandFailureOf(error)
  return new Refused({ status: exitCodes.wrongUse, code, message })
}
