import type { ErrorCode } from '../core/errors.ts'

/** Statuses of errors that a caller or a store can cause. Every other error is the server's own fault. */
export const statuses: { readonly [Code in ErrorCode]?: number } = {
  'cron-impossible': 400,
  'cron-invalid': 400,
  'duration-invalid': 400,
  'id-invalid': 400,
  'incident-unknown': 404,
  'job-at-most-once': 409,
  'job-finished': 409,
  'job-not-finished': 409,
  'job-not-waiting': 409,
  'job-unknown': 404,
  'payload-invalid': 400,
  'payload-redacted': 409,
  'schedule-changed': 412,
  'schedule-invalid': 400,
  'schedule-overlapping': 409,
  'schedule-refused': 409,
  'schedule-unknown': 404,
  'store-busy': 503,
  'store-unavailable': 503,
  stopped: 503,
  'task-not-run': 409,
  'task-unknown': 409,
  'timezone-invalid': 400,
  'token-unknown': 401,
  'trigger-invalid': 400
}
