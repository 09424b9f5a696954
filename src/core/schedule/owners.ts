/** The name of an app that was given none: a name that several apps may have without knowing it. */
export const NAMELESS = 'default'

/** Orders what processes declare: by their release, and within one by which set was seen first. */
export interface SetRank {
  readonly release: number
  /** Of the set, by the order in which the books saw each for the first time. */
  readonly number: number
}

/** Below 0: `a` is of an older deployment. Without releases a set that the books never saw is the newer one. */
export const compareRanks = (a: SetRank, b: SetRank): number => a.release - b.release || a.number - b.number

/** How what a process declares of one schedule stands among the processes that live (rule 11). */
export interface Standing {
  /** No live process, and no registration, of the app is of a newer deployment: this one says what is an orphan. */
  readonly isInForce: boolean
  /** A live process of a newer deployment of the same release declares another definition. */
  readonly isRivalled: boolean
  /** Any live process of the same release declares another definition. */
  readonly isContested: boolean
  /** A live process of the app that the books call the owner declares it. */
  readonly isHeldByOwner: boolean
  /** The process has declared it before: what a person removed meanwhile stays removed until a start. */
  readonly isLook: boolean
}

/** Of a process that is alone. */
export const UNRIVALLED: Standing = {
  isInForce: true,
  isRivalled: false,
  isContested: false,
  isHeldByOwner: false,
  isLook: false
}
