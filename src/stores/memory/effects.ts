import { EscapementError } from '../../core/errors.ts'

/** What the body of a transaction on this store receives. */
export interface MemoryTransaction {
  readonly effects: TransactionEffects
}

export interface TransactionEffects {
  get(key: string): unknown
  has(key: string): boolean
  set(key: string, value: unknown): void
  delete(key: string): void
}

/** Stands for an app's own table in the same database: rows by key, written in transactions only. */
export class EffectTable {
  readonly #rows = new Map<string, unknown>()

  get rows(): ReadonlyMap<string, unknown> {
    return this.#rows
  }

  /** Begins a transaction. Its writes stay unless it is rolled back. */
  begin(): { readonly transaction: MemoryTransaction; readonly commit: () => void; readonly rollback: () => void } {
    const rows = this.#rows
    const undo: (() => void)[] = []
    let open = true
    const write = (key: string, change: () => void): void => {
      if (!open)
        throw new EscapementError(
          'transaction-repeated',
          `The effect "${key}" was written after its transaction had ended.`
        )
      const before = rows.get(key)
      undo.push(rows.has(key) ? () => void rows.set(key, before) : () => void rows.delete(key))
      change()
    }
    return {
      transaction: {
        effects: {
          get: key => rows.get(key),
          has: key => rows.has(key),
          set: (key, value) => write(key, () => rows.set(key, value)),
          delete: key => write(key, () => rows.delete(key))
        }
      },
      commit: () => {
        open = false
      },
      rollback: () => {
        open = false
        for (const step of undo.reverse()) step()
      }
    }
  }
}
