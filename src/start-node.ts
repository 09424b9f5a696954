import { systemClock } from './clock/system.ts'
import type { Logger } from './core/handler.ts'
import { newId } from './new-id.ts'
import type { Emitter } from './runtime/emitter.ts'
import { harmless } from './runtime/harmless-logger.ts'
import { logEvents } from './runtime/log-subscriber.ts'
import { EscapementNode, type NodeOptions } from './runtime/node.ts'
import { waitAtMost } from './runtime/patience.ts'
import { host } from './runtime/process-facts.ts'
import { watchProcessFaults } from './runtime/process-faults.ts'
import type { Settings } from './settings/settings.ts'
import { packageVersion } from './version.ts'

/** Lets the events be told where the settings want them told. Answers the settings with that logger. */
export async function withLogger(settings: Settings, events: Emitter): Promise<Settings> {
  const given = settings.logger ?? (await defaultLogger(settings))
  const logger = given === false ? false : harmless(given)
  if (logger !== false) logEvents(events, logger, settings.logLevel, { app: settings.name, pid: process.pid, host })
  return { ...settings, logger }
}

/** JSON lines on standard error, so that standard output stays the app's. */
async function defaultLogger({ logLevel }: Settings): Promise<Logger | false> {
  if (logLevel === 'silent') return false
  const { pino } = await import('pino')
  const logger: Logger = pino({ level: logLevel, base: null }, pino.destination({ fd: 2, sync: true }))
  return logger
}

/** This process's node. `ended` closes its store. */
export async function startNode(
  options: Pick<NodeOptions, 'store' | 'clock' | 'events' | 'settings' | 'roles' | 'mayDecide'>
): Promise<{ node: EscapementNode; ended: () => Promise<void> }> {
  const { store, clock, events } = options
  const version = packageVersion()
  const node = new EscapementNode({ ...options, random: Math.random, newId, version })
  const unwatch = watchProcessFaults(store, events, () => clock.now())
  try {
    await node.start()
  } catch (error) {
    unwatch()
    throw error
  }
  return {
    node,
    ended: async () => {
      unwatch()
      await waitAtMost(systemClock, options.settings.abortGraceMs, store.close())
    }
  }
}
