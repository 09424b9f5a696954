import type { ClaimRequest } from '../../../store/jobs.ts'

/** Where a search of a place begins. */
interface Floor {
  readonly place: number
  readonly run_at: number
  readonly id: string
}

/** What a claim saw of the places that it searched; reported only where searching is expensive. */
export interface Look {
  readonly us: number
  /** The time of the claim, by the clock that decides what is due. */
  readonly now: number
  /** The first job of each place; null: there was none. */
  readonly heads: readonly { readonly [Key in keyof Floor]: Key extends 'place' ? number : Floor[Key] | null }[] | null
}

/** Given to a claim, and returned together with what the claim saw. */
export interface Ticket {
  /** For the claim's function; null: it searches each place from its head. */
  readonly floors: string | null
  readonly lowered: number
}

/** Once searches from the head are expensive, they take one part in this many of the time. */
const RARITY = 20
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/**
 * While a transaction that is open for minutes keeps dead rows in the way of claims, a process remembers where its
 * claims start to find something. A job may be below that floor if its commit came very late or another process gave it
 * back. The next search from the head finds it. The more expensive these searches are, the rarer they become.
 */
export class Floors {
  /** By kind of claim, since kinds search different places. */
  readonly #kinds = new Map<string, KindFloors>()

  of({ tasks, queues }: ClaimRequest): KindFloors {
    const key = JSON.stringify([tasks, queues])
    let kind = this.#kinds.get(key)
    if (kind === undefined) this.#kinds.set(key, (kind = new KindFloors()))
    return kind
  }

  /** This process has put a job back at its previous position. */
  lower(floor: Floor): void {
    for (const kind of this.#kinds.values()) kind.lower(floor)
  }
}

/** The floors of claims of one kind. */
export class KindFloors {
  /** Undefined: searches are cheap, and each begins at the head. */
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
    // A claim that searched before a job was put back must not raise the floor above that job.
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
