import { assertNode } from './assert-node.ts'
export { createEscapement, type Escapement } from './app/escapement.ts'
export type { QueueView, ScheduleView, SeatView } from './app/views.ts'
export type { FailureView, JobView, SealedView } from './views/job.ts'
export { type AppConfig, defineConfig } from './app/define-config.ts'
export type { Role } from './settings/kinds/roles.ts'
export type { WebApp } from './settings/rows/app.ts'
export type { EscapementConfig, Settings } from './settings/settings.ts'
export type { Topology } from './settings/kinds/topologies.ts'
export type { Codecs, PayloadCodec, SealedJob } from './core/payload/codec.ts'
export { task, type AnyTask, type Task, type TaskOptions } from './core/job/task.ts'
export type { PayloadOf, TaskName, TaskRegistry } from './core/job/task-registry.ts'
export { schedule, type Schedule, type ScheduleOptions } from './core/schedule/declare.ts'
export { cron } from './core/trigger/cron/cron.ts'
export { every } from './core/trigger/every.ts'
export { at } from './core/trigger/at.ts'
export { calendarInterval } from './core/trigger/calendar-interval.ts'
export { anyOf } from './core/trigger/any-of.ts'
export { spread } from './core/trigger/spread.ts'
export { triggerFromJson } from './core/trigger/from-json.ts'
export type { Trigger, TriggerJson } from './core/trigger/trigger.ts'
export type { RetryFunction, RetryPolicy } from './core/job/retry.ts'
export { DoNotRetry, type Later, RetryAfter, Snooze } from './core/job/steering.ts'
export {
  AttemptAborted,
  type AbortCause,
  type AsyncTransaction,
  type HandlerContext,
  type AppLogger,
  type HandlerLog,
  type LogCall,
  type Logger,
  type QueryAnswer,
  type SyncStatement,
  type SyncTransaction,
  type Transaction
} from './core/job/handler.ts'
export type { SealedJson } from './core/payload/sealed.ts'
export type { JsonOf, JsonValue, Kept, NotJson } from './core/options/json.ts'
export { EscapementError, errorMeanings, isEscapementError, type ErrorCode } from './core/errors.ts'
export type { EventMap, EventName, JobFacts } from './core/events.ts'
export type { InnerError, JobOrigin, JobState, Delivery } from './core/job/job.ts'
export type { LedgerOutcome, LedgerView } from './core/schedule/ledger.ts'
export type { PhaseBy, ScheduleDefinition, SchedulePhase } from './core/schedule/schedule.ts'
export type { EnqueueManyOptions, EnqueueOptions } from './operations/enqueue-options.ts'
export type { Enqueued } from './app/enqueued.ts'
export type { ResultOptions } from './operations/results.ts'
export type { JobOptions } from './operations/new-job.ts'
export type { CancelAnswer, EnqueueAnswer, SqlClient } from './store/jobs.ts'
export type { JobFilter, Page, PageRequest } from './store/reading.ts'
export type { SeatHolder } from './store/seats.ts'
export type { LedgerOptions, PrimaryListener, StartOptions, StopOptions } from './app/doors.ts'
export type { SeatListener, Tenure } from './runtime/seats/tenure.ts'
export type { Store } from './store/store.ts'

assertNode()
