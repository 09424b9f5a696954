import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BatchLimits } from './batch-limits.ts'

const MADE_PER_TURN = 1_000
/** Items made for the check are kept for the write, up to this many, and up to the size of so many batches. */
const MAX_KEPT = 100_000
const KEPT_BATCHES = 4
/** All of these are kept. Reading more in one turn would block the event loop for too long. */
const MAX_DRAFTED = 10_000
const MAX_DRAFTED_CHARACTERS = 16_000_000

/** What was read from the caller's input for one item. */
export interface Draft {
  readonly payloadText: string
}

export interface Bulk<Item, Answer, Given extends Draft> {
  readonly count: number
  readonly first: readonly Given[]
  /** Throws if the input is wrong. May be called again for the same index. */
  readonly draft: (index: number) => Given
  /** Throws if the item is wrong. */
  readonly make: (draft: Given) => Item | Promise<Item>
  readonly write: (items: readonly Item[]) => Promise<readonly Answer[]>
  readonly limits: BatchLimits<Item>
}

/** Reads the first inputs, within the limits. */
export function draftFirst<Given extends Draft>(count: number, draft: (index: number) => Given): Given[] {
  const first: Given[] = []
  let characters = 0
  while (first.length < Math.min(count, MAX_DRAFTED) && characters < MAX_DRAFTED_CHARACTERS) {
    const drafted = draft(first.length)
    characters += drafted.payloadText.length
    first.push(drafted)
  }
  return first
}

/**
 * Makes all items before the first is written, and resolves with the results in their order. Of very many items only
 * the first are kept. The others are made twice: once for the check, and once for the write, while earlier ones are
 * written.
 */
export async function writeInBatches<Item, Answer, Given extends Draft>(
  bulk: Bulk<Item, Answer, Given>
): Promise<Answer[]> {
  const kept = await makeAll(bulk)
  const answers: Answer[] = []
  let batch = await batchFrom(bulk, kept, 0)
  while (batch.length > 0) {
    const next = answers.length + batch.length
    const [written, made] = await Promise.all([bulk.write(batch), batchFrom(bulk, kept, next)])
    answers.push(...written)
    batch = made
  }
  return answers
}

/** Makes and checks all items, and returns the first ones, which are kept. */
async function makeAll<Item, Answer, Given extends Draft>(bulk: Bulk<Item, Answer, Given>): Promise<Item[]> {
  const { count, limits } = bulk
  const kept: Item[] = []
  let room = KEPT_BATCHES * limits.size
  for (let index = 0; index < count; index++) {
    const made = itemOf(bulk, index)
    // Awaiting a value that exists already would take longer than making it.
    const item = made instanceof Promise ? await made : made
    room -= limits.sizeOf(item)
    if (room >= 0 && index < MAX_KEPT) kept.push(item)
  }
  return kept
}

async function batchFrom<Item, Answer, Given extends Draft>(
  bulk: Bulk<Item, Answer, Given>,
  kept: readonly Item[],
  from: number
): Promise<Item[]> {
  const { count, limits } = bulk
  const batch: Item[] = []
  let filled = 0
  for (let index = from; index < count && batch.length < limits.count; index++) {
    const item = kept[index] ?? (await itemOf(bulk, index))
    filled += limits.sizeOf(item)
    if (filled > limits.size && batch.length > 0) break
    batch.push(item)
  }
  return batch
}

/** Yields from time to time: a million checks must not keep the process from renewing its lease. */
function itemOf<Item, Answer, Given extends Draft>(
  { first, draft, make }: Bulk<Item, Answer, Given>,
  index: number
): Item | Promise<Item> {
  const made = (): Item | Promise<Item> => make(first[index] ?? draft(index))
  return index > 0 && index % MADE_PER_TURN === 0 ? nextTurn().then(made) : made()
}
