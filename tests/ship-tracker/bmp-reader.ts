// Reads a BMP as fast as it can, in a process of its own, and tells of every read that was not one whole picture.
// The pictures that it takes for whole are of one colour, so that a mixture of two is seen too.
// Started by fork with the file's path; it sends a Reading after each batch of reads, until it is disconnected.
import { readFileSync } from 'node:fs'

export interface Reading {
  reads: number
  /** Colours seen since the last message, as the first byte of the pixels. */
  colours: number[]
  /** What was wrong with the reads that were not whole, since the last message. */
  faults: string[]
}

const HEADER_BYTES = 54
const READS_A_MESSAGE = 10

function faultOf(bmp: Buffer): string | undefined {
  if (bmp.length < HEADER_BYTES) return `only ${bmp.length} bytes`
  if (bmp.toString('latin1', 0, 2) !== 'BM') return 'no BMP signature'
  const size = bmp.readUInt32LE(2)
  if (size !== bmp.length) return `${bmp.length} bytes where the header says ${size}`
  const pixels = bmp.subarray(bmp.readUInt32LE(10))
  const expected = bmp.readInt32LE(18) * bmp.readInt32LE(22) * 3
  if (pixels.length !== expected) return `${pixels.length} bytes of pixels where the size asks for ${expected}`
  return pixels.equals(Buffer.alloc(expected, pixels[0])) ? undefined : 'pixels of two pictures'
}

function read(file: string): { fault: string } | { colour: number } {
  try {
    const bmp = readFileSync(file)
    const fault = faultOf(bmp)
    return fault === undefined ? { colour: bmp[bmp.readUInt32LE(10)] ?? -1 } : { fault }
  } catch (error) {
    return { fault: String(error) }
  }
}

let reads = 0

function readOn(file: string): void {
  const results = Array.from({ length: READS_A_MESSAGE }, () => read(file))
  reads += results.length
  const colours = results.flatMap(result => ('colour' in result ? [result.colour] : []))
  const faults = results.flatMap(result => ('fault' in result ? [result.fault] : []))
  process.send?.({ reads, colours: [...new Set(colours)], faults } satisfies Reading)
  // Lets the channel tell us that the test has gone.
  setImmediate(readOn, file)
}

process.once('disconnect', () => process.exit(0))
readOn(process.argv[2] ?? '')
