import { expect, onTestFinished, test } from 'vitest'
import { schedule } from '../../../src/core/schedule/declare.ts'
import { task } from '../../../src/core/job/task.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { Emitter } from '../../../src/runtime/events/emitter.ts'
import { EscapementNode } from '../../../src/runtime/node.ts'
import { resolveSettings } from '../../../src/settings/resolve.ts'
import { idSequence } from '../../../src/testing/ids.ts'
import { Lab } from '../lab.ts'

/** A scheduler whose loops run, and that decides only while `duty.isOurs`. */
async function scheduler(lab: Lab, duty: { isOurs: boolean }): Promise<EscapementNode> {
  const report = task('report', { handler: () => undefined })
  const schedules = [schedule('often', { task: report, trigger: every('10s') })]
  const settings = resolveSettings({ database: 'memory:', tasks: [report], schedules, logger: false }, {})
  const node = new EscapementNode({
    store: lab.store(),
    clock: lab.clock,
    events: new Emitter(),
    settings,
    roles: ['scheduler'],
    random: () => 0.5,
    newId: idSequence(),
    version: 'manual',
    mayDecide: () => duty.isOurs
  })
  await node.start()
  onTestFinished(async () => void (await node.stop(0)))
  return node
}

const fires = (lab: Lab): number => lab.books.schedules.get('often')?.fires ?? 0

test('a scheduler that stands by leaves fire times to the one whose turn it is', async () => {
  const lab = new Lab()
  const [on, off] = [{ isOurs: true }, { isOurs: false }]
  await scheduler(lab, off)
  await lab.clock.advance(9_000)
  await scheduler(lab, on)
  await lab.clock.advance(1_000)
  expect(fires(lab)).toBe(1)
})

test('and decides at once when it becomes its turn', async () => {
  const lab = new Lab()
  const duty = { isOurs: false }
  const node = await scheduler(lab, duty)
  await lab.clock.advance(11_000)
  expect(fires(lab)).toBe(0)
  duty.isOurs = true
  node.wake()
  await lab.clock.advance(0)
  expect(fires(lab)).toBe(1)
})

test('but decides itself what nobody has decided for 3 s: firing depends on no seat', async () => {
  const lab = new Lab()
  await scheduler(lab, { isOurs: false })
  await lab.clock.advance(12_999)
  expect(fires(lab)).toBe(0)
  await lab.clock.advance(1_001)
  expect(fires(lab)).toBe(1)
})
