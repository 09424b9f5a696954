import { expect, onTestFinished, test } from 'vitest'
import { createEscapement, type Escapement, task } from '../../src/index.ts'

const load = task('load', { handler: () => undefined })
const idOf = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
const crates = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** Enqueueing many jobs in one call, on the books at an address; `most` is more than one batch of theirs. */
export function testMany(address: () => Promise<string>, most: number): void {
  async function app(): Promise<Escapement> {
    const made = createEscapement({ database: await address(), tasks: [load], logger: false })
    onTestFinished(() => made.stop())
    return made
  }

  const waiting = async (escapement: Escapement): Promise<number | undefined> =>
    (await escapement.queues.list()).find(({ queue }) => queue === 'default')?.counts.available

  test(`${most} jobs are written, and answered in the order of their payloads`, async () => {
    const escapement = await app()
    const answers = await escapement.enqueueMany(load, crates(most))
    expect(answers).toHaveLength(most)
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['enqueued']))
    expect(await waiting(escapement)).toBe(most)
    for (const index of [0, 1, 999, 1_000, most - 1])
      expect(await escapement.jobs.get(answers[index]!.id)).toMatchObject({ task: 'load', payload: index })
  })

  test('a call that is sent again under the same ids writes what was missing', async () => {
    const escapement = await app()
    const each = { each: (_: unknown, index: number) => ({ id: idOf(index) }) }
    await escapement.enqueueMany(load, crates(20), each)
    const answers = await escapement.enqueueMany(load, crates(most), each)
    const outcomes = answers.map(({ outcome }) => outcome)
    expect([outcomes.lastIndexOf('exists'), outcomes.indexOf('enqueued')]).toEqual([19, 20])
    expect(await waiting(escapement)).toBe(most)
  })

  test('of those that share a unique key one is written, and named to the others', async () => {
    const escapement = await app()
    const answers = await escapement.enqueueMany(load, crates(most), {
      each: crate => ({ uniqueKey: `hold ${crate % 7}` })
    })
    const firstIds = answers.slice(0, 7).map(({ id }) => id)
    expect(
      answers.slice(7).every(({ outcome, id }, index) => outcome === 'duplicate' && id === firstIds[index % 7])
    ).toBe(true)
    expect(await waiting(escapement)).toBe(7)
  })

  test('nothing is written when one payload of all cannot be', async () => {
    const escapement = await app()
    await expect(escapement.enqueueMany(load, [...crates(most), Number.NaN])).rejects.toMatchObject({
      code: 'payload-invalid'
    })
    expect(await waiting(escapement)).toBeUndefined()
  })
}
