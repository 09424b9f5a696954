import { describe, expect, test } from 'vitest'
import { endLine, headLine, partsOf, recordLine } from '../../../src/cli/books/export-format.ts'
import type { BooksPart } from '../../../src/store/moving.ts'
import { scheduleState } from '../../conformance/fixtures.ts'

const head = headLine('the-export', '2026-03-02T10:00:00.000Z')
const steps = (count: number, result = '1'): string[] =>
  Array.from({ length: count }, (_, index) => recordLine('step', { jobId: 'a', name: `step ${index}`, result }))

async function read(lines: readonly string[]): Promise<BooksPart[]> {
  const parts: BooksPart[] = []
  for await (const part of partsOf(asLines(lines))) parts.push(part)
  return parts
}

async function* asLines(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield line.trimEnd()
}

describe('the parts of an export', () => {
  test('hold its records, kind by kind, as they were', async () => {
    const state = scheduleState()
    const queue = { queue: 'pictures', pausedAt: 5 }
    const lines = [head, recordLine('pausedQueue', queue), ...steps(1), recordLine('schedule', state), endLine(3)]
    const records = {
      pausedQueue: [queue],
      step: [{ jobId: 'a', name: 'step 0', result: '1' }],
      schedule: [JSON.parse(JSON.stringify(state))]
    }
    expect(await read(lines)).toEqual([{ exportId: 'the-export', number: 0, records }])
  })

  test('are the same for the same lines, however far the lines go', async () => {
    const lines = [head, ...steps(1_700)]
    const whole = await read([...lines, endLine(1_700)])
    expect(whole.map(({ number, records }) => [number, records.step?.length])).toEqual([
      [0, 500],
      [1, 500],
      [2, 500],
      [3, 200]
    ])
    const seen: BooksPart[] = []
    const reading = (async () => {
      for await (const part of partsOf(asLines(lines.slice(0, 1_300)))) seen.push(part)
    })()
    await expect(reading).rejects.toThrow('cut off after 1299 records')
    expect(seen).toEqual(whole.slice(0, 2))
  })

  test('are small though the records be large', async () => {
    const parts = await read([head, ...steps(12, 'x'.repeat(1_000_000)), endLine(12)])
    expect(parts.map(({ records }) => records.step?.length)).toEqual([4, 4, 4, undefined])
  })

  test.each([
    [['{"ship":"Aurora"}'], 'not an export of "escapement export"'],
    [['{"escapementExport":2,"exportId":"a"}'], 'has version 2, and this release takes version 1'],
    [[head, 'fog'], 'line after 0 records is not a line of an export'],
    [[head, '{"kind":"ship","record":{}}'], 'Record 1 of the export has a kind'],
    [
      [head, recordLine('pausedQueue', { queue: 'a', pausedAt: 9e15 })],
      'Record 1 of the export (pausedQueue) has pausedAt 9000000000000000'
    ],
    [
      [head, '{"kind":"job","record":{"runAt":-1}}'],
      'has runAt -1; it takes whole epoch milliseconds, from 1970 to 9999'
    ],
    [[head, '{"kind":"job","record":{"runAt":"soon"}}'], 'has runAt "soon"'],
    [[head, '{"kind":"schedule","record":{"decidedUntil":253402300800000}}'], 'has decidedUntil 253402300800000'],
    [[head, ...steps(2), endLine(3)], 'cut off after 2 records'],
    [[], 'cut off after 0 records']
  ])('are not made of %j', async (lines, message) => {
    await expect(read(lines)).rejects.toThrow(message)
  })
})
