import { EscapementError } from '../errors.ts'
import { durationMs } from '../options/duration.ts'
import { oneOf, judgedLater } from '../options/forms.ts'
import { checkName } from '../options/names.ts'
import { checkOptions, door } from '../options/options.ts'
import { lastInstantMs } from '../trigger/instant.ts'

/** A key that one job of its task may hold at a time. */
export interface UniqueOptions {
  /** 1 to 200 characters. At most one job of the task holds it. */
  readonly key: string
  /**
   * How long the job holds the key: until it first runs, until it has finished, or until it has left the books.
   * @default 'unfinished'
   */
  readonly while?: 'waiting' | 'unfinished' | 'kept'
  /**
   * Holds the key at least for so long from the enqueue, also when it has finished. With `while: 'unfinished'` only. The
   * finished job is kept at least as long.
   * @default as long as `while` says
   */
  readonly for?: number | string
  /**
   * What a further enqueue does: nothing (`duplicate`), or give its payload, time, priority and other options to the job
   * that holds the key (`replaced`). A job that has ever begun is not replaced.
   * @default 'skip'
   */
  readonly onDuplicate?: 'skip' | 'replace'
}

/** The `uniqueUntil` of a job that holds its key until it is first claimed. It gives the key up then. */
export const WHILE_WAITING = 0
/** That of a job that holds it for as long as it is in the books: later than every instant. */
export const WHILE_KEPT = lastInstantMs + 1

/** Whether a finished job holds its key. */
export const holdsFinished = (uniqueUntil: number | undefined, now: number): boolean => (uniqueUntil ?? 0) > now

/** Whether a job must stay for its key's sake, although its retention is over. */
export const isKeptForKey = (uniqueUntil: number | undefined, now: number): boolean =>
  holdsFinished(uniqueUntil, now) && uniqueUntil !== WHILE_KEPT

const uniqueDoor = door<UniqueOptions>('options-invalid', {
  key: judgedLater,
  while: oneOf('waiting', 'unfinished', 'kept'),
  for: judgedLater,
  onDuplicate: oneOf('skip', 'replace')
})

/** What a job has of these options. */
export interface UniqueParts {
  readonly uniqueKey: string
  readonly uniqueUntil?: number
  readonly replaces?: boolean
  /** How long the finished job must be kept at least. */
  readonly keepMs: number
}

/** @throws EscapementError `options-invalid`, `id-invalid`, `duration-invalid` */
export function uniqueParts(options: UniqueOptions, now: number): UniqueParts {
  checkOptions('The unique of a job', options, uniqueDoor)
  const { key, while: scope = 'unfinished', for: period, onDuplicate } = options
  const uniqueKey = checkName('The unique key of a job', key)
  const replaces = onDuplicate === 'replace' ? { replaces: true } : {}
  if (period === undefined) {
    const until = scope === 'unfinished' ? {} : { uniqueUntil: scope === 'waiting' ? WHILE_WAITING : WHILE_KEPT }
    return { uniqueKey, ...until, ...replaces, keepMs: 0 }
  }
  const forMs = durationMs(period, 'The unique.for of a job')
  if (scope !== 'unfinished')
    throw new EscapementError(
      'options-invalid',
      `The unique of a job has for together with while: "${scope}"; it takes for only with "unfinished", which may be left out.`
    )
  return { uniqueKey, uniqueUntil: now + Math.max(1, forMs), ...replaces, keepMs: forMs }
}
