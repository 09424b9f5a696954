import { recorded } from '../../chaos/checker/recorded.ts'
import { beganAt, doneAt, endAt, heir, killedAt, steady } from './good-cast.ts'
import { changed, minus, moved, type Mutation, plus, withEntries } from './mutate.ts'

export const ofTime: readonly Mutation[] = [
  [
    'L1',
    'everything is late',
    evidence =>
      withEntries(
        evidence,
        evidence.entries.map(entry => (entry.what === 'attempt.begun' ? { ...entry, at: entry.at + 1_500 } : entry))
      )
  ],
  [
    'L1',
    'there is no calm to measure in',
    evidence => {
      const endless = minus(evidence, 'fault.ended')
      return moved(endless, recorded(endless.entries, 'fault.began')[0]!, beganAt - 1_000)
    }
  ],
  [
    'L2',
    'a seat is taken over too late',
    evidence => moved(evidence, recorded(evidence.entries, 'seat.elected')[1]!, killedAt + 9_000)
  ],
  ['L2', 'a seat is never taken over', evidence => minus(evidence, 'seat.elected', entry => entry.at > killedAt)],
  ['L4', 'the books are never drained', evidence => minus(evidence, 'run.drained')],
  [
    'L4',
    'the books are drained too late',
    evidence => moved(evidence, recorded(evidence.entries, 'run.drained')[0]!, endAt + 60_000)
  ],
  [
    'L4',
    'a process dies by itself',
    evidence => plus(evidence, { what: 'process.ended', pid: 7, code: 1, signal: null, by: 'rig', at: beganAt + 2_000 })
  ],
  [
    'L4',
    'a process ends badly when it is asked to end',
    evidence => {
      const ended = recorded(evidence.entries, 'process.ended').at(-1)!
      return withEntries(evidence, changed(evidence.entries, ended, { ...ended, code: 1 }))
    }
  ],
  ['L6', 'a frozen node never learns that it was given up', evidence => minus(evidence, 'node.lease-lost')],
  ['L6', 'nobody misses the store', evidence => minus(evidence, 'loop.failed')],
  ['L6', 'somebody never finds the store again', evidence => minus(evidence, 'loop.recovered')],
  [
    'L8',
    'a process is cut off where it was to end in order',
    evidence => minus(evidence, 'node.stopped', entry => entry.by === `node-${heir}`)
  ],
  [
    'L7',
    'something is done in the quiet',
    evidence => plus(evidence, { what: 'loop.failed', pid: steady, by: `node-${steady}`, at: doneAt + 900 })
  ],
  ['L7', 'there was no quiet', evidence => minus(evidence, 'quiet.ended')]
]
