/** What people and calls change, and what they are refused. The word before the point is the kind of the target. */
export const auditActions = [
  'schedule.put',
  'schedule.update',
  'schedule.pause',
  'schedule.resume',
  'schedule.run',
  'schedule.remove',
  'schedule.restore',
  'schedule.reset',
  'job.enqueue',
  'job.update',
  'job.retry',
  'job.cancel',
  'job.delete',
  'queue.pause',
  'queue.resume',
  'incident.acknowledge',
  'books.import',
  'token.create',
  'token.revoke',
  'session.create',
  'session.revoke',
  'api.use'
] as const
/** An action that the audit has entries of, such as `schedule.pause`. */
export type AuditAction = (typeof auditActions)[number]

export const auditTargetKinds = ['schedule', 'job', 'queue', 'incident', 'books', 'token', 'session', 'api'] as const
/** What kind of thing an entry of the audit is about. */
export type AuditTargetKind = (typeof auditTargetKinds)[number]

export const targetKindOf = (action: AuditAction): AuditTargetKind => action.split('.', 1)[0] as AuditTargetKind

export const auditVias = ['page', 'api', 'cli', 'code'] as const
/** By what way a change was asked for: a page, the API, the command line, or code of the app. */
export type AuditVia = (typeof auditVias)[number]

export const accessRoles = ['viewer', 'operator', 'admin'] as const
/** What somebody may do: a `viewer` looks, an `operator` also runs, pauses and retries, an `admin` may do all. */
export type AccessRole = (typeof accessRoles)[number]

export const auditOutcomes = ['done', 'refused'] as const
/** Of an entry of the audit. `refused`: nothing was changed. */
export type AuditOutcome = (typeof auditOutcomes)[number]

/** An entry of the audit before it is written: the store adds the instant. */
export interface NewAuditEntry {
  /** A UUID of the caller. What is written a second time under it is there once. */
  readonly id: string
  /** Who it was: `anna`, `deploy@web-1`, or `code` if nobody was named. */
  readonly actor: string
  /** Undefined: of nobody with a role, such as code and the command line. */
  readonly role: AccessRole | undefined
  readonly via: AuditVia
  /** Of the client. Undefined: not known, or there is none. */
  readonly address: string | undefined
  readonly action: AuditAction
  readonly targetKind: AuditTargetKind
  readonly targetId: string
  /** JSON: what the change replaced. Payloads, results and progress are never in it. */
  readonly before: string | undefined
  /** JSON: what it put there, likewise. */
  readonly after: string | undefined
  readonly reason: string | undefined
  /** What the entries of one change of many have in common. */
  readonly bulkId: string | undefined
  readonly outcome: AuditOutcome
  /** 1; of refused attempts, how many of them one process saw in one minute from one address. */
  readonly count: number
}

/** Who changed what, when, by what way and why. */
export interface AuditEntry extends NewAuditEntry {
  /** By the store's clock. Of refused attempts: when the first was counted. */
  readonly at: number
}

/** What `after` says of a job that was cancelled at once, and of one that runs and was asked to end. */
export const cancelledAfter = {
  cancelled: JSON.stringify({ state: 'cancelled' }),
  requested: JSON.stringify({ state: 'running', isCancelRequested: true })
} as const
