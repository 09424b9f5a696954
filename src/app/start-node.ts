import { systemClock } from '../clock/system.ts'
import type { Clock } from '../clock/clock.ts'
import type { Logger } from '../core/job/handler.ts'
import { newId } from '../new-id.ts'
import type { Emitter } from '../runtime/events/emitter.ts'
import { harmless } from '../runtime/events/harmless-logger.ts'
import { jsonLines } from '../runtime/events/json-lines.ts'
import { logEvents } from '../runtime/events/log-subscriber.ts'
import { EscapementNode } from '../runtime/node.ts'
import type { NodeOptions } from '../runtime/node-options.ts'
import { runUntilNothingIsDue, type Ticked } from '../runtime/tick.ts'
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

/** Runs a node until nothing is due, at most for `atMostMs`. It leaves in order, and the store stays open. */
export async function tickNode(
  ground: Pick<NodeGround, 'store' | 'clock' | 'events' | 'logger'> & { readonly settings: Settings },
  atMostMs: number
): Promise<Ticked> {
  const { store, clock, events, settings } = ground
  const node = makeNode({ ...ground, roles: ['scheduler', 'worker'], mayDecide: () => true })
  const unwatch = watchProcessFaults(store, events, () => clock.now())
  const endAt = clock.monotonic() + atMostMs
  try {
    await node.begin()
    return await runUntilNothingIsDue({ node, store, clock, events, lease: settings.lease }, endAt)
  } finally {
    await endTick(node, clock, settings.shutdownGraceMs).finally(unwatch)
  }
}

/** No loop writes reports, so handlers are waited for before the node stops. */
async function endTick(node: EscapementNode, clock: Clock, graceMs: number): Promise<void> {
  node.worker.stopAccepting()
  node.worker.giveBackUnbegun()
  await waitAtMost(clock, graceMs, node.attempts.whenIdle())
  await node.settler.flush()
  await node.stop(0)
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
