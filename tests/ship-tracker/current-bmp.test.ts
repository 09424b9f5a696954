import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { encodeBmp, replaceFile } from '../../examples/ship-tracker/bitmap.ts'
import type { Reading } from './bmp-reader.ts'
import { temporaryFolder } from './samples.ts'

const REPLACEMENTS = 200
const COLOURS = 16
const SIZE = { width: 960, height: 600 }
const pictures = Array.from({ length: COLOURS }, (_, colour) =>
  encodeBmp({ ...SIZE, data: new Uint8Array(SIZE.width * SIZE.height * 3).fill(colour) })
)

class Reader {
  readonly faults: string[] = []
  readonly colours = new Set<number>()
  reads = 0
  readonly #child: ChildProcess

  constructor(file: string) {
    this.#child = fork(join(import.meta.dirname, 'bmp-reader.ts'), [file], { execArgv: [] })
    this.#child.on('message', message => {
      const reading = message as Reading
      this.reads = reading.reads
      this.faults.push(...reading.faults)
      for (const colour of reading.colours) this.colours.add(colour)
    })
    onTestFinished(() => void this.#child.kill('SIGKILL'))
  }

  /** Settles when the reader has read at least so many times more. */
  async readAgain(times: number): Promise<void> {
    const enough = this.reads + times
    while (this.reads < enough) await once(this.#child, 'message', { signal: AbortSignal.timeout(20_000) })
  }
}

function picture(number: number): Uint8Array {
  return pictures[number % COLOURS] ?? new Uint8Array()
}

function firstPicture(): string {
  const file = join(temporaryFolder(), 'var', 'current.bmp')
  mkdirSync(dirname(file))
  writeFileSync(file, picture(0))
  return file
}

test('a reader in another process sees whole pictures only while the file is replaced 200 times', async () => {
  const file = firstPicture()
  const reader = new Reader(file)
  await reader.readAgain(1)
  for (let number = 1; number <= REPLACEMENTS; number += 1) {
    await replaceFile(file, picture(number))
    // The reader must have looked in between now and then, and not only before and after it all.
    if (number % 10 === 0) await reader.readAgain(10)
  }
  expect(reader.faults).toEqual([])
  expect(reader.reads).toBeGreaterThanOrEqual(REPLACEMENTS)
  expect(reader.colours.size).toBeGreaterThan(2)
  expect(readFileSync(file).equals(picture(REPLACEMENTS))).toBe(true)
  expect(readdirSync(dirname(file))).toEqual(['current.bmp'])
})

test('the same reader catches a writer that writes into the file itself', async () => {
  const file = firstPicture()
  const reader = new Reader(file)
  await reader.readAgain(1)
  const handle = await open(file, 'w')
  onTestFinished(() => handle.close())
  await handle.write(picture(1).subarray(0, 500_000))
  await reader.readAgain(20)
  await handle.write(picture(1).subarray(500_000))
  expect(reader.faults).toContain(`500000 bytes where the header says ${picture(1).length}`)
})

test('the same reader catches a writer that puts one picture over another in place', async () => {
  const file = firstPicture()
  const reader = new Reader(file)
  await reader.readAgain(1)
  const handle = await open(file, 'r+')
  onTestFinished(() => handle.close())
  await handle.write(picture(1).subarray(0, 500_000), 0, 500_000, 0)
  await reader.readAgain(20)
  expect(reader.faults).toContain('pixels of two pictures')
})

test('a replacement that is called off leaves the old picture and nothing else', async () => {
  const file = firstPicture()
  await expect(replaceFile(file, picture(1), AbortSignal.abort(new Error('called off')))).rejects.toThrow('called off')
  expect(readFileSync(file).equals(picture(0))).toBe(true)
  expect(readdirSync(dirname(file))).toEqual(['current.bmp'])
})

test('what a killed process left of a replacement is removed, but nothing of one that may be under way', async () => {
  const file = firstPicture()
  const [dead, alive] = ['dead', 'alive'].map(name => join(dirname(file), `.current.bmp.new-${name}`)) as [
    string,
    string
  ]
  writeFileSync(dead, 'half')
  writeFileSync(alive, 'half')
  const hourAgo = Date.now() / 1_000 - 3_600
  utimesSync(dead, hourAgo, hourAgo)
  await replaceFile(file, picture(1))
  expect(readdirSync(dirname(file)).toSorted()).toEqual(['.current.bmp.new-alive', 'current.bmp'])
})
