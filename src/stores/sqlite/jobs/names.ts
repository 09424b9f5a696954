import type { Connection } from '../connection/connection.ts'
import { incompleteError } from '../errors.ts'

/**
 * Names of tasks and queues, and the numbers that stand for them in the rows of jobs. A committed number stands for its
 * name permanently, so it is read only once.
 */
export class Names {
  readonly #connection: Connection
  readonly #numbers = new Map<string, number>()
  readonly #texts = new Map<number, string>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Undefined: no row can have this name. */
  find(text: string): number | undefined {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const row = this.#connection.prepare<[number]>('SELECT id FROM escapement_name WHERE text = ?').get(text)
    if (row !== undefined) this.#remember(row[0], text)
    return row?.[0]
  }

  /** The number of the name, or a new one. Call it only within a write. */
  numberOf(text: string): number {
    const known = this.find(text)
    if (known !== undefined) return known
    const [number] = this.#connection
      .prepare<[number]>('INSERT INTO escapement_name (text) VALUES (?) RETURNING id')
      .get(text)!
    this.#remember(number, text)
    return number
  }

  textOf(number: number): string {
    const known = this.#texts.get(number)
    if (known !== undefined) return known
    const [text] =
      this.#connection.prepare<[string]>('SELECT text FROM escapement_name WHERE id = ?').get(number) ??
      gone(this.#connection, number)
    this.#remember(number, text)
    return text
  }

  /** For a rollback: numbers that were given in that transaction don't exist. */
  forget(): void {
    this.#numbers.clear()
    this.#texts.clear()
  }

  #remember(number: number, text: string): void {
    this.#numbers.set(text, number)
    this.#texts.set(number, text)
  }
}

function gone({ file }: Connection, number: number): never {
  throw incompleteError(file, `escapement_name lacks the name ${number}, which rows of jobs have`)
}
