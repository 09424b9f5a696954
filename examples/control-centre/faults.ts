import { setTimeout as sleep } from 'node:timers/promises'
import { settings } from './settings.ts'

const OVERRUN_MS = 4_000

/** Lets the job that `CENTRE_FAULT` names misbehave, so that its alert can be seen. */
export async function misbehave(job: string, signal: AbortSignal): Promise<void> {
  const [name, kind] = settings.fault?.split(':') ?? []
  if (name !== job) return
  if (kind === 'fail') throw new Error('the warehouse does not respond')
  // It ends when it is told to, at its limit.
  if (kind === 'hang') await sleep(2 ** 31 - 1, undefined, { signal })
  // It does not listen, and ends when it likes.
  if (kind === 'overrun') await sleep(OVERRUN_MS)
}
