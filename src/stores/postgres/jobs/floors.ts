import type { ClaimRequest } from '../../../store/jobs.ts'

/** Where a look at a place begins. */
interface Floor {
  readonly place: number
  readonly run_at: number
  readonly id: string
}

/** What a claim saw of the places that it looked at; told only where looks are dear. */
export interface Look {
  readonly us: number
  /** The instant of the claim, by the clock that decides what is due. */
  readonly now: number
  /** The first job of each place; null: there was none. */
  readonly heads: readonly { readonly [Key in keyof Floor]: Key extends 'place' ? number : Floor[Key] | null }[] | null
}

/** What is taken along on a claim, and brought back with what it saw. */
export interface Ticket {
  /** For the claim's function; null: it looks from the head of each place on. */
  readonly floors: string | null
  readonly lowered: number
}

/** Looks from the head on, once they are dear, take one part in so many of the time. */
const RARITY = 20
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/**
 * While a transaction that is open for minutes keeps dead rows in the way of claims, a process remembers from where on
 * its claims have something to find. Only then: a job whose commit came very late, or that another process gave back, stands
 * below the floor, and is found by the next look from the head on, which comes the more seldom the dearer it is.
 */
export class Floors {
  /** For each kind of claim, since they look at different places. */
  readonly #kinds = new Map<string, KindFloors>()

  of({ tasks, queues }: ClaimRequest): KindFloors {
    const key = JSON.stringify([tasks, queues])
    let kind = this.#kinds.get(key)
    if (kind === undefined) this.#kinds.set(key, (kind = new KindFloors()))
    return kind
  }

  /** This process has put a job back where it had stood. */
  lower(floor: Floor): void {
    for (const kind of this.#kinds.values()) kind.lower(floor)
  }
}

/** The floors of claims of one kind. */
export class KindFloors {
  /** Undefined: looks are cheap, and each begins at the head. */
  #floors: Map<number, Floor> | undefined
  #fullLookAt = 0
  #lowered = 0

  /** `at` is an instant of the monotonic clock. */
  ticket(at: number): Ticket {
    const isFull = this.#floors === undefined || at >= this.#fullLookAt
    return { floors: isFull ? null : JSON.stringify([...this.#floors!.values()]), lowered: this.#lowered }
  }

  learn({ floors, lowered }: Ticket, look: Look | null, at: number): void {
    if (floors === null) this.#learnFull(look, at)
    // A claim that looked before a job was put back must not raise the floor above it.
    if (look === null || lowered !== this.#lowered) return
    for (const { place, run_at, id } of look.heads ?? [])
      this.#floors?.set(place, { place, run_at: run_at ?? look.now, id: id ?? FIRST_ID })
  }

  #learnFull(look: Look | null, at: number): void {
    if (look === null) {
      this.#floors = undefined
      return
    }
    this.#floors ??= new Map()
    this.#fullLookAt = at + ((RARITY - 1) * look.us) / 1_000
  }

  lower(floor: Floor): void {
    this.#lowered += 1
    const known = this.#floors?.get(floor.place)
    if (known === undefined || known.run_at < floor.run_at) return
    if (known.run_at > floor.run_at || known.id > floor.id) this.#floors?.set(floor.place, floor)
  }
}
