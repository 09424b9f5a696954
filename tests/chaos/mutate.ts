import type { BookedJob, Books } from '../../chaos/books.ts'
import type { Evidence, Rule } from '../../chaos/checker/rules.ts'
import { recorded } from '../../chaos/checker/recorded.ts'
import type { Entry, Fact } from '../../chaos/history.ts'

/** Chooses one of several; the test draws which. */
export type Pick = <T>(all: readonly T[]) => T

/** Makes one thing wrong with a run that went as it should. */
export type Mutate = (evidence: Evidence, pick: Pick) => Evidence

/** Which rule has to find it, what is wrong, and how it becomes so. */
export type Mutation = readonly [rule: Rule, what: string, mutate: Mutate]

export const changed = <T>(all: readonly T[], one: T, change: Partial<T>): T[] =>
  all.map(each => (each === one ? { ...each, ...change } : each))

export const without = <T>(all: readonly T[], one: T): T[] => all.filter(each => each !== one)

export const withBooks = (evidence: Evidence, change: Partial<Books>): Evidence => ({
  ...evidence,
  books: { ...evidence.books, ...change }
})

export const withJob = (evidence: Evidence, job: BookedJob, change: Partial<BookedJob>): Evidence =>
  withBooks(evidence, { jobs: changed(evidence.books.jobs, job, change) })

export const withEntries = (evidence: Evidence, entries: readonly Entry[]): Evidence => ({
  ...evidence,
  entries: entries.toSorted((a, b) => a.at - b.at)
})

export const plus = (evidence: Evidence, ...more: Entry[]): Evidence =>
  withEntries(evidence, [...evidence.entries, ...more])

/** The same with every line of a kind, or those of them that are chosen, left out. */
export function minus(
  evidence: Evidence,
  what: Fact['what'],
  isChosen: (entry: Entry) => boolean = () => true
): Evidence {
  return withEntries(
    evidence,
    evidence.entries.filter(entry => entry.what !== what || !isChosen(entry))
  )
}

export const moved = (evidence: Evidence, entry: Entry, at: number): Evidence =>
  withEntries(evidence, changed(evidence.entries, entry, { at }))

export const completedOf = ({ books }: Evidence): BookedJob[] => books.jobs.filter(({ state }) => state === 'completed')

/** An attempt that began, of a job that satisfies. */
export const begunOf = (evidence: Evidence, isWanted: (job: BookedJob) => boolean = () => true) => {
  const jobs = new Map(evidence.books.jobs.map(job => [job.id, job]))
  return recorded(evidence.entries, 'attempt.begun').filter(({ job }) => {
    const booked = jobs.get(job)
    return booked !== undefined && isWanted(booked)
  })
}
