import { SortedList } from '../../src/stores/memory/sorted-list.ts'

interface Entry {
  readonly at: number
  readonly order: number
  readonly act: () => Promise<void> | void
}

/** What is to happen when, by the true time. */
export class Agenda {
  readonly #entries = new SortedList<Pick<Entry, 'at' | 'order'>, Entry>((a, b) => a.at - b.at || a.order - b.order)
  #orders = 0

  add(at: number, act: Entry['act']): void {
    this.#entries.add({ at, order: this.#orders++, act })
  }

  get nextAt(): number {
    return this.#entries.first?.at ?? Infinity
  }

  async actUntil(now: number): Promise<void> {
    for (let entry = this.#entries.first; entry !== undefined && entry.at <= now; entry = this.#entries.first) {
      this.#entries.dropFirst(1)
      await entry.act()
    }
  }
}
