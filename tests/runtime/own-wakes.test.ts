import { expect, onTestFinished, test } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { task } from '../../src/core/job/task.ts'
import { at } from '../../src/core/trigger/at.ts'
import { Emitter } from '../../src/runtime/events/emitter.ts'
import { EscapementNode } from '../../src/runtime/node.ts'
import { resolveSettings } from '../../src/settings/resolve.ts'
import type { Store } from '../../src/store/store.ts'
import { idSequence } from '../../src/testing/ids.ts'
import { Lab, START, tampered, turn } from './lab.ts'

const LAST_PART = 3

/** As with others' processes: what is written by this one, its watch does not tell. */
const silent = (lab: Lab): Store => ({ ...lab.store(), watch: () => () => undefined })

/** Its loops run. */
async function looping(lab: Lab, handler: () => void, { store, due = 0 }: { store: Store; due?: number }) {
  const report = task('report', { handler })
  const trigger = at(new Date(START + 100))
  const schedules = Array.from({ length: due }, (_, index) => schedule(`ship-${index}`, { task: report, trigger }))
  const config = {
    database: 'memory:',
    tasks: [report],
    schedules,
    logger: false as const,
    worker: { concurrency: 1_000 }
  }
  const node = new EscapementNode({
    store,
    clock: lab.clock,
    events: new Emitter(),
    settings: resolveSettings(config, {}),
    roles: ['scheduler', 'worker'],
    random: () => 0.5,
    newId: idSequence(),
    version: 'manual'
  })
  await node.start()
  onTestFinished(async () => void (await node.stop(0)))
  return report
}

test('jobs of schedules are begun while others that were due with them are still being written', async () => {
  const lab = new Lab()
  const store = silent(lab)
  const gate = Promise.withResolvers<void>()
  let begun = 0
  await looping(lab, () => void begun++, { store, due: 300 })
  let calls = 0
  tampered(store, 'writeSchedules', write => async writes => {
    if (++calls === LAST_PART) await gate.promise
    return write(writes)
  })
  await lab.clock.advance(100)
  await turn()
  expect(begun).toBe(250)
  gate.resolve()
  await lab.clock.advance(0)
  await turn()
  expect(begun).toBe(300)
})

test('a job that was freed here is begun here at once', async () => {
  const lab = new Lab()
  let begun = 0
  const report = await looping(lab, () => void begun++, { store: silent(lab) })
  await lab.clock.advance(300)
  const dying = await lab.started({ tasks: [report] })
  await dying.enqueuer.enqueue(report, null)
  await dying.claim()
  begun = 0
  // Seen first by the sweep at 500 ms, and still after 15 s; claimers look at whole seconds.
  for (let passedMs = 300; passedMs < 15_500; passedMs += 100) await lab.clock.advance(100)
  await turn()
  expect(begun).toBe(1)
})
