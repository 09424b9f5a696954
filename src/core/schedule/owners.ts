/** The name of an app that was given none. Several apps may have it without knowing. */
export const NAMELESS = 'default'

/** Orders the sets that processes declare: by release, then by which set the books saw first. */
export interface SetRank {
  readonly release: number
  /** The set's number, in the order in which the books first saw each. */
  readonly number: number
}

/** Below 0: `a` is from an older deployment. Without releases, the set that the books saw later is newer. */
export const compareRanks = (a: SetRank, b: SetRank): number => a.release - b.release || a.number - b.number

/** How a process's declaration of one schedule compares with those of other live processes (rule 11). */
export interface Standing {
  /** No live process and no registration of the app is from a newer deployment: this one decides what is an orphan. */
  readonly isInForce: boolean
  /** A live process of a newer deployment of the same release declares another definition. */
  readonly isRivalled: boolean
  /** Any live process of the same release declares another definition. */
  readonly isContested: boolean
  /** A live process of the app that owns it in the books declares it. */
  readonly isHeldByOwner: boolean
  /** The process has declared it before. If a person removed it meanwhile, it stays removed until a start. */
  readonly isLook: boolean
}

/** The standing of a process that is alone. */
export const UNRIVALLED: Standing = {
  isInForce: true,
  isRivalled: false,
  isContested: false,
  isHeldByOwner: false,
  isLook: false
}
