import { systemClock } from '../../clock/system.ts'
import { ResultWaits } from '../../operations/results.ts'
import type { Emitter } from '../../runtime/events/emitter.ts'
import type { Caller } from './caller.ts'

/** The waits for results of one app: what ends in this process is a hint to look at once. */
export function resultWaits(caller: Caller, events: Emitter): ResultWaits {
  return new ResultWaits({
    clock: systemClock,
    tasks: caller.tasks,
    use: use => caller.use(({ store }) => use(store)),
    hints: hint => {
      const names = ['job.completed', 'job.discarded', 'job.cancelled'] as const
      const offs = names.map(name => events.on(name, hint))
      return () => offs.forEach(off => off())
    }
  })
}
