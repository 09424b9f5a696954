import { systemClock } from '../clock/system.ts'
import type { Logger } from '../core/job/handler.ts'
import { ordersBySignals } from '../launcher/process/alone.ts'
import { HttpServers } from '../launcher/process/http-servers.ts'
import { ownSignals } from '../launcher/process/own-signals.ts'
import type { Graces } from '../launcher/stop-signals.ts'
import { exitAfter, type ProcessParts, stopOfProcess } from './stop-of-process.ts'

type Stoppable = ProcessParts['escapements'] extends Iterable<infer Each> ? Each : never

// On the global object, so that a second copy of this module (a dev server's reload) adds to the first.
const key = Symbol.for('escapement.ended-by-signals')
const known = globalThis as { [key]?: Set<Stoppable> }

/** The process is ended by `escapement start`, which stops every Escapement itself. */
export function ownTheEnd(): void {
  known[key] ??= new Set()
}

/**
 * From now on SIGTERM and SIGINT end this process in order: servers, jobs and books, then what the app's own listeners
 * for SIGTERM do, then the process. Installed once, with the graces of the first, for all that are added.
 */
export function stopBySignals(escapement: Stoppable, graces: Graces, logger: Logger | false): void {
  const isInstalled = known[key] !== undefined
  const escapements = (known[key] ??= new Set())
  escapements.add(escapement)
  if (isInstalled) return
  const line = (level: 'info' | 'warn') => (text: string) => {
    if (logger !== false) logger[level]({ pid: process.pid }, text)
  }
  const servers = new HttpServers(() => undefined)
  const stop = stopOfProcess({ graces, servers, escapements, notice: line('warn') })
  const orders = ordersBySignals(systemClock, line('info'), order => {
    if (!stop.isOrdered) void exitAfter(stop)
    stop.order(order)
  })
  ownSignals(orders)
}
