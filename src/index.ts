import { assertNode } from './node-version.ts'
export { createEscapement } from './app/create-escapement.ts'
export type { Escapement } from './app/escapement.ts'
export type { AuditCalls, AuditView } from './app/calls/audit.ts'
export type { JobCalls } from './app/calls/jobs.ts'
export type { QueueCalls } from './app/calls/queues.ts'
export type { ScheduleCalls } from './app/calls/schedules.ts'
export type { SeatCalls } from './app/calls/seats.ts'
export type { QueueView, ScheduleView, SeatView } from './app/views.ts'
export type { FailureView, JobView, SealedView } from './views/job.ts'
export { type AppConfig, defineConfig } from './app/define-config.ts'
export type { Role } from './settings/kinds/roles.ts'
export type { WebApp } from './settings/rows/app.ts'
export type { EscapementConfig, Settings } from './settings/settings.ts'
export type { Topology } from './settings/kinds/topologies.ts'
export type { Codecs, PayloadCodec, SealedJob } from './core/payload/codec.ts'
export type { AccessRole, AuditAction, AuditOutcome, AuditTargetKind, AuditVia } from './core/access/audit.ts'
export type { By, ChangeOptions } from './core/access/by.ts'
export type { AuditQuery } from './store/access/audit-doors.ts'
export { task, type AnyTask, type Task, type TaskOptions } from './core/job/task.ts'
export type { PayloadOf, TaskName, TaskRegistry } from './core/job/task-registry.ts'
export { schedule, type Schedule, type ScheduleDefaults, type ScheduleOptions } from './core/schedule/declare.ts'
export type { PutOptions, ScheduleToPut } from './core/schedule/run-time/put-options.ts'
export type { UpdateOptions } from './core/schedule/run-time/update-options.ts'
export { cron, type CronOptions } from './core/trigger/cron/cron.ts'
export { every } from './core/trigger/every.ts'
export { at } from './core/trigger/at.ts'
export { calendarInterval, type CalendarIntervalOptions } from './core/trigger/calendar-interval.ts'
export { anyOf } from './core/trigger/any-of.ts'
export { spread } from './core/trigger/spread.ts'
export { triggerFromJson } from './core/trigger/from-json.ts'
export type { BoundsOptions } from './core/trigger/bounds.ts'
export type { Instant } from './core/trigger/instant.ts'
export type { DstPolicy, GapPolicy, OverlapPolicy } from './core/trigger/zone/dst.ts'
export type {
  CronDialect,
  DayRule,
  FireExplanation,
  LocalTrigger,
  MonthDayRule,
  Trigger,
  TriggerJson
} from './core/trigger/trigger.ts'
export type { Duration } from './core/options/duration.ts'
export type { RetryDelay, RetryFunction, RetryPolicy } from './core/job/retry.ts'
export { DoNotRetry, type Later, type Moment, RetryAfter, Snooze } from './core/job/steering.ts'
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
  type StepCall,
  type SyncStatement,
  type SyncTransaction,
  type Transaction
} from './core/job/handler.ts'
export type { SealedJson } from './core/payload/sealed.ts'
export type { JsonOf, JsonValue, Kept, NotJson } from './core/options/json.ts'
export { EscapementError, errorMeanings, isEscapementError, type ErrorCode } from './core/errors.ts'
export { mail, type MailOptions } from './channels/mail.ts'
export { webhook, type WebhookOptions } from './channels/webhook.ts'
export { type AlertChannel, channel, type IncidentView, type NoticeView, type Sending } from './core/alerts/channel.ts'
export type { ScheduleAlerts } from './core/alerts/config.ts'
export type { Mute, QuietHours } from './core/alerts/hush.ts'
export type { NoticeKind } from './core/alerts/notice.ts'
export type { AlertRule } from './core/alerts/rule.ts'
export type { EventMap, EventName, JobFacts, SealedFacts } from './core/events.ts'
export type { InnerError, JobOrigin, JobState, Delivery } from './core/job/job.ts'
export type { LedgerOutcome, LedgerView } from './core/schedule/ledger.ts'
export type { Coalesce, Overlap, PhaseBy, ScheduleDefinition, SchedulePhase } from './core/schedule/schedule.ts'
export type { EnqueueManyOptions, EnqueueOptions } from './operations/enqueue/enqueue-options.ts'
export type { Enqueue, EnqueueMany } from './app/calls/enqueue.ts'
export type { Enqueued } from './app/enqueued.ts'
export type { NodeHandler } from './http/node-handler.ts'
export type { UniqueOptions } from './core/job/unique.ts'
export type { JobUpdate } from './operations/job-update.ts'
export type { ManyAnswer, ManyOptions } from './operations/many-jobs.ts'
export type { RetryOptions } from './operations/operator.ts'
export type { ResultOptions } from './operations/results.ts'
export type { JobOptions } from './operations/enqueue/new-job.ts'
export type { PutOutcome } from './core/schedule/run-time/plan-put.ts'
export type { PutAnswer } from './operations/schedule-writer.ts'
export type { CancelAnswer, EnqueueAnswer, SqlClient } from './store/jobs.ts'
export type { Page, PageRequest } from './store/pages/page.ts'
export type { JobFilter } from './store/reading.ts'
export type { SeatHolder } from './store/seats.ts'
export type {
  LedgerOptions,
  PauseOptions,
  PrimaryListener,
  RemoveOptions,
  StartOptions,
  StopOptions,
  TickOptions
} from './app/doors.ts'
export type { Ticked } from './runtime/tick.ts'
export type { Deposal } from './coordination/seat.ts'
export type { SeatListener, Tenure } from './runtime/seats/tenure.ts'
export type { Store } from './store/store.ts'

assertNode()
