import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BatchLimits } from './batch-limits.ts'

const MADE_PER_TURN = 1_000

export interface Bulk<Item, Answer> {
  readonly count: number
  /** Throws what is wrong with the item; may be asked for the same one again. */
  readonly make: (index: number) => Promise<Item>
  readonly write: (items: readonly Item[]) => Promise<readonly Answer[]>
  readonly limits: BatchLimits<Item>
}

/**
 * Makes items and writes them, a batch at a time, and answers in their order. While one is written the next is made, and
 * no more is kept; so what does not fit into the first is made once to be checked, and once more to be written.
 */
export async function writeInBatches<Item, Answer>(bulk: Bulk<Item, Answer>): Promise<Answer[]> {
  const answers: Answer[] = []
  let batch = await makeBatch(bulk, 0)
  for (let index = batch.length; index < bulk.count; index++) await makeOne(bulk, index)
  while (batch.length > 0) {
    const [written, next] = await Promise.all([bulk.write(batch), makeBatch(bulk, answers.length + batch.length)])
    answers.push(...written)
    batch = next
  }
  return answers
}

async function makeBatch<Item, Answer>(bulk: Bulk<Item, Answer>, from: number): Promise<Item[]> {
  const { count, limits } = bulk
  const batch: Item[] = []
  let filled = 0
  while (from + batch.length < count && batch.length < limits.count) {
    const item = await makeOne(bulk, from + batch.length)
    filled += limits.sizeOf(item)
    if (filled > limits.size && batch.length > 0) break
    batch.push(item)
  }
  return batch
}

/** A million checks must not keep the process from renewing its lease. */
async function makeOne<Item, Answer>({ make }: Bulk<Item, Answer>, index: number): Promise<Item> {
  if (index > 0 && index % MADE_PER_TURN === 0) await nextTurn()
  return make(index)
}
