// A process of one contestant: does what it is asked to, one thing after the other.
import { payload } from '../payload.ts'
import { contestants, type ContestantName } from './contestants/all.ts'
import type { Addresses, Producer, Purpose, Worker } from './contestants/contestant.ts'
import { Heard } from './heard.ts'
import { monotonicMs } from './monotonic.ts'

const [name, addressesText] = process.argv.slice(2) as [ContestantName, string]
const addresses = JSON.parse(addressesText) as Addresses
const contestant = await contestants[name]()
const heard = new Heard()
let producer: Producer | undefined
let worker: Worker | undefined

function opened(): Producer {
  if (producer === undefined) throw new Error('no producer is open')
  return producer
}

/** A handler that ends only when it is asked to. */
function heardForever(body: unknown, signal?: AbortSignal): Promise<void> {
  heard.handle(body)
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
}

/** Milliseconds. */
async function timed(work: () => Promise<void> | undefined): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

const verbs = {
  install: (purpose: Purpose) => contestant.install(addresses, purpose),
  async produce(purpose: Purpose): Promise<void> {
    producer = await contestant.openProducer(addresses, purpose)
  },
  /** Jobs per second with this many callers, each of which awaits its result before it calls again. */
  async enqueue(callers: number, ms: number): Promise<number> {
    const open = opened()
    let answered = 0
    const begun = performance.now()
    const caller = async (): Promise<void> => {
      for (; performance.now() - begun < ms; answered += 1) await open.enqueue(payload)
    }
    await Promise.all(Array.from({ length: callers }, caller))
    return (answered / (performance.now() - begun)) * 1_000
  },
  /** Jobs per second of a fill by so many. */
  async fill(jobs: number): Promise<number> {
    const payloads = Array.from({ length: jobs }, () => payload)
    return (jobs / (await timed(() => opened().enqueueMany(payloads)))) * 1_000
  },
  /** Enqueues one job that carries the time when it was sent. Resolves with the milliseconds that the call took. */
  async send(): Promise<number> {
    const sentAt = monotonicMs()
    await opened().enqueue({ ...payload, sentAt })
    return monotonicMs() - sentAt
  },
  async work(purpose: Purpose): Promise<void> {
    worker = await contestant.startWorker(addresses, purpose === 'recovery' ? heardForever : heard.handle, purpose)
  },
  register: (schedules: number): Promise<number> => timed(() => contestant.register?.(addresses, schedules)),
  progress: async () => ({ entered: heard.entered, firstAt: heard.firstAt }),
  /** How late after its sending the next job was entered; of one that came already, if nobody has asked for it. */
  nextLatency: () => heard.nextLatency(),
  isDrained: () => contestant.isDrained(addresses),
  async close(): Promise<void> {
    await producer?.close()
    await worker?.close()
  }
}

export type Verbs = typeof verbs

process.on('disconnect', () => process.exit())
process.on('message', ([verb, ...args]: [keyof Verbs, ...unknown[]]) => {
  const answer = (verbs[verb] as (...args: unknown[]) => Promise<unknown>)(...args)
  answer.then(
    value => process.send?.({ value }),
    (error: unknown) =>
      process.send?.({ problem: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  )
})
process.send?.('ready')
