import { systemClock } from '../clock/system.ts'
import type { HttpServers } from '../launcher/process/http-servers.ts'
import { OrderlyStop } from '../launcher/process/orderly-stop.ts'
import { appListeners } from '../launcher/process/own-signals.ts'
import { APP_END_MS, type Graces } from '../launcher/stop-signals.ts'
import { within } from '../launcher/within.ts'
import { EveryNode } from '../runtime/every-node.ts'

export interface ProcessParts {
  readonly graces: Graces
  readonly servers: HttpServers
  /** Read when the stop ends them: more may have been started by then. */
  readonly escapements: Iterable<{ stop(options: { readonly graceMs: number }): Promise<void> }>
  /** Reports each part that failed or did not end in time. */
  readonly notice: (text: string) => void
}

/** How a process that is ours to end stops in order (rule 14): its connections, jobs and books, and then the app. */
export function stopOfProcess({ graces, servers, escapements, notice }: ProcessParts): OrderlyStop {
  const endApp = onceWithin(APP_END_MS, letAppEnd)
  let nodes: EveryNode | undefined
  return new OrderlyStop({
    graces,
    clock: systemClock,
    notice,
    parts: {
      retire: () => {
        nodes = new EveryNode()
        nodes.retire()
      },
      drain: (graceMs, options) => servers.drain(graceMs, options),
      closeIdle: () => servers.closeIdle(),
      endJobs: async graceMs => {
        const own = [...escapements].map(escapement => escapement.stop({ graceMs }))
        // A node that one Escapement alone uses is ended by its own stop, after its last calls have returned.
        await Promise.all([...own, nodes?.stop(graceMs, endApp)])
      },
      hurryJobs: () => nodes?.hurry(),
      endApp
    }
  })
}

/** Status 0: everything ended in order. */
export async function exitAfter(stop: OrderlyStop): Promise<never> {
  const isOrderly = await stop.over
  process.exit(isOrderly ? 0 : 1)
}

/** Calls the app's own listeners, as any process manager would by its signal, and waits for their promises. */
async function letAppEnd(): Promise<void> {
  await Promise.allSettled(appListeners().map(async listener => listener('SIGTERM')))
}

function onceWithin(ms: number, act: () => Promise<void>): () => Promise<void> {
  let acting: Promise<void> | undefined
  return () => (acting ??= within(systemClock, ms, act()).then(() => undefined))
}
