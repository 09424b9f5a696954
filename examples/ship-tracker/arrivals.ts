import type { HandlerContext } from 'escapement'
import type { ShipCall } from './timetable.ts'

/** What became of the picture: taken, or why there is none. */
export interface PictureReport {
  taken: boolean
  note: string
}

/** One visit to the harbour's page, saved whole. */
export interface Visit {
  /** The job's idempotency key: the same visit saved again changes nothing but itself. */
  key: string
  /** The fire time that this visit answers, in epoch ms; null for one that was asked for by hand or at the start. */
  fireAt: number | null
  visitedAt: number
  url: string
  calls: readonly ShipCall[]
  picture: PictureReport
}

export interface VisitLine extends Omit<Visit, 'calls'> {
  arrivals: number
}

export interface ArrivalLine extends ShipCall {
  /** The latest visit was the first to find it. */
  isNew: boolean
}

/** What the job's result says of a visit. */
export interface VisitResult {
  arrivals: number
  picture: boolean
}

/** The tracker's own tables in the database that it shares with Escapement: made when absent, read by the page. */
export interface ArrivalsBook {
  /** The completion of the job, and the visit with its arrivals, in one commit. */
  save(transaction: HandlerContext['transaction'], visit: Visit): Promise<VisitResult>
  /** What the latest visit found, by time of arrival. */
  arrivals(): Promise<ArrivalLine[]>
  /** The latest visits, newest first. */
  visits(limit: number): Promise<VisitLine[]>
  close(): Promise<void>
}

/** How long visits and arrivals are kept after they were last seen. */
export const KEPT_MS = 30 * 24 * 3_600_000

export const resultOf = ({ calls, picture }: Visit): VisitResult => ({ arrivals: calls.length, picture: picture.taken })
