/** The index of the lowest set bit; `bits` is not 0. */
export function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}

/** The index of the highest set bit; `bits` is not 0. */
export function highestBit(bits: number): number {
  return 31 - Math.clz32(bits)
}

/** Bits 0 to `index`, both inclusive. */
export function bitsUpTo(index: number): number {
  return -1 >>> (31 - index)
}

export function countBits(bits: number): number {
  let rest = bits - ((bits >>> 1) & 0x55555555)
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333)
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** A set of numbers in 0..59 as two words, bits 0..29 and 30..59, so that each is a small integer for V8. */
export class SixtyBits {
  readonly low: number
  readonly high: number
  readonly first: number
  readonly last: number
  readonly size: number

  constructor(values: Iterable<number>) {
    let low = 0
    let high = 0
    for (const value of values) {
      if (value < 30) low |= 1 << value
      else high |= 1 << (value - 30)
    }
    this.low = low
    this.high = high
    this.first = low === 0 ? 30 + lowestBit(high) : lowestBit(low)
    this.last = high === 0 ? highestBit(low) : 30 + highestBit(high)
    this.size = countBits(low) + countBits(high)
  }

  has(value: number): boolean {
    return ((value < 30 ? this.low >>> value : this.high >>> (value - 30)) & 1) === 1
  }

  /** The lowest member at or above `value` (0..60); 60 if there is none. */
  atOrAbove(value: number): number {
    if (value < 30) {
      const rest = this.low >>> value
      if (rest !== 0) return value + lowestBit(rest)
      return this.high === 0 ? 60 : 30 + lowestBit(this.high)
    }
    const rest = value < 60 ? this.high >>> (value - 30) : 0
    return rest === 0 ? 60 : value + lowestBit(rest)
  }

  /** The highest member at or below `value` (-1..59); -1 if there is none. */
  atOrBelow(value: number): number {
    if (value >= 30) {
      const rest = this.high & bitsUpTo(value - 30)
      if (rest !== 0) return 30 + highestBit(rest)
      return this.low === 0 ? -1 : highestBit(this.low)
    }
    const rest = value < 0 ? 0 : this.low & bitsUpTo(value)
    return rest === 0 ? -1 : highestBit(rest)
  }

  /** How many members are below `value` (0..60). */
  countBelow(value: number): number {
    if (value <= 0) return 0
    if (value <= 30) return countBits(this.low & bitsUpTo(value - 1))
    return countBits(this.low) + countBits(this.high & bitsUpTo(value - 31))
  }
}
