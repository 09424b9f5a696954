/** The name of an app that was given none. Several apps may have it without knowing. */
export const NAMELESS = 'default'

/**
 * Stands in the books before the name of an app whose calls, not its code, made a schedule. No app has a name that
 * begins with a blank. So releases that know only owners by name leave these schedules to somebody else.
 */
const MADE_BY_CALLS = ' calls of '

/** Who owns a schedule: the code of an app, which names it, or the calls of an app, which put it there. */
export interface Owner {
  readonly app: string
  readonly by: 'code' | 'calls'
}

/** The owner, as the books have it, of what the calls of an app put there. */
export const callsOf = (app: string): string => `${MADE_BY_CALLS}${app}`

export const ownerOf = (stored: string): Owner =>
  stored.startsWith(MADE_BY_CALLS)
    ? { app: stored.slice(MADE_BY_CALLS.length), by: 'calls' }
    : { app: stored, by: 'code' }

/** `the code of the app "shop"`. */
export const ownerInWords = ({ app, by }: Owner): string =>
  by === 'code' ? `the code of the app "${app}"` : `the calls of the app "${app}" (schedules.put)`

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
