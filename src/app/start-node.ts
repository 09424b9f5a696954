import { systemClock } from '../clock/system.ts'
import type { Logger } from '../core/job/handler.ts'
import { newId } from '../new-id.ts'
import type { Emitter } from '../runtime/events/emitter.ts'
import { harmless } from '../runtime/events/harmless-logger.ts'
import { jsonLines } from '../runtime/events/json-lines.ts'
import { logEvents } from '../runtime/events/log-subscriber.ts'
import { EscapementNode } from '../runtime/node.ts'
import type { NodeOptions } from '../runtime/node-options.ts'
import { type Ticked, type TickLimits, tickNode } from '../runtime/tick.ts'
import { waitAtMost } from '../runtime/patience.ts'
import { host } from '../runtime/process-facts.ts'
import { watchProcessFaults } from '../runtime/process-faults.ts'
import type { Settings } from '../settings/settings.ts'
import { packageVersion } from '../version.ts'

/** Logs events as the settings say. Returns the logger; false: there is none. */
export function startLogging(settings: Settings, events: Emitter): Logger | false {
  const given = settings.logger ?? defaultLogger(settings.log)
  const logger = given === false ? false : harmless(given)
  if (logger !== false) logEvents(events, logger, settings.log.level, { app: settings.name, pid: process.pid, host })
  return logger
}

/**
 * JSON lines, by default on standard error, so that standard output stays the app's. Writes to the stream and not to
 * its file descriptor: a process manager may have replaced the stream.
 */
function defaultLogger({ level, stream }: Settings['log']): Logger | false {
  if (level === 'silent') return false
  const write = (line: string): void => void process[stream].write(line)
  return jsonLines({ level, now: () => systemClock.now(), write })
}

/** Reports what in a schedule is probably meant otherwise, once per start. */
export function tellDoubts(schedules: Settings['schedules'], events: Emitter): void {
  for (const { id, doubts = [] } of schedules)
    for (const doubt of doubts) events.emit('schedule.doubted', { scheduleId: id, doubt })
}

type NodeGround = Pick<NodeOptions, 'store' | 'clock' | 'events' | 'settings' | 'logger' | 'roles' | 'mayDecide'>

function makeNode({ store, clock, events, settings, logger, roles, mayDecide }: NodeGround): EscapementNode {
  const version = packageVersion
  const random = Math.random
  return new EscapementNode({ store, clock, events, settings, logger, roles, random, newId, version, mayDecide })
}

/** Lets a node work until nothing is due, or until it has to end. The store stays open. */
export async function tickOnce(
  ground: Pick<NodeGround, 'store' | 'clock' | 'events' | 'logger'> & { readonly settings: Settings },
  limits: Omit<TickLimits, 'graceMs'>
): Promise<Ticked> {
  const { store, clock, events, settings } = ground
  const { lease, shutdownGraceMs: graceMs } = settings
  const node = makeNode({ ...ground, roles: ['scheduler', 'worker'], mayDecide: () => true })
  const unwatch = watchProcessFaults(store, events, () => clock.now())
  return tickNode({ node, store, clock, events, lease }, { ...limits, graceMs }).finally(unwatch)
}

/** Starts this process's node. `ended` closes its store. */
export async function startNode(ground: NodeGround): Promise<{ node: EscapementNode; ended: () => Promise<void> }> {
  const { store, clock, events, settings } = ground
  const node = makeNode(ground)
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
      await waitAtMost(systemClock, settings.abortGraceMs, store.close())
    }
  }
}
