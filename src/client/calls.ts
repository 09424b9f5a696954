// Written by `npm run reference` from the table of endpoints.
import { type ListAuditCall, auditRoutes } from './calls/audit.ts'
import { type AcknowledgeIncidentCall, type ListIncidentsCall, incidentsRoutes } from './calls/incidents.ts'
import {
  type CancelJobCall,
  type DeleteJobCall,
  type EnqueueJobCall,
  type GetJobCall,
  type GetJobContentCall,
  type ListJobsCall,
  type RetryJobCall,
  type UpdateJobCall,
  jobsRoutes
} from './calls/jobs.ts'
import {
  type HealthCall,
  type ListNodesCall,
  type ListSeatsCall,
  type LiveCall,
  type MetricsCall,
  type OpenApiCall,
  type ReadyCall,
  type StatusCall,
  type SummaryCall,
  processesRoutes
} from './calls/processes.ts'
import { type ListQueuesCall, type PauseQueueCall, type ResumeQueueCall, queuesRoutes } from './calls/queues.ts'
import {
  type ExplainCall,
  type GetScheduleCall,
  type ListLedgerCall,
  type ListRevisionsCall,
  type ListSchedulesCall,
  type ListUnfiredCall,
  type PauseScheduleCall,
  type PreviewTriggerCall,
  type PutScheduleCall,
  type RemoveScheduleCall,
  type RestoreScheduleCall,
  type ResumeScheduleCall,
  type RunScheduleCall,
  type UpdateScheduleCall,
  schedulesRoutes
} from './calls/schedules.ts'
import { type GetSessionCall, type LogInCall, type LogOutCall, sessionsRoutes } from './calls/sessions.ts'
import { type ListFailuresCall, type ListTasksCall, workRoutes } from './calls/work.ts'

/**
 * What each endpoint takes and returns, by its name.
 *
 * @experimental
 */
export interface ApiCalls {
  readonly listAudit: ListAuditCall
  readonly listIncidents: ListIncidentsCall
  readonly acknowledgeIncident: AcknowledgeIncidentCall
  readonly listJobs: ListJobsCall
  readonly enqueueJob: EnqueueJobCall
  readonly getJob: GetJobCall
  readonly getJobContent: GetJobContentCall
  readonly retryJob: RetryJobCall
  readonly cancelJob: CancelJobCall
  readonly updateJob: UpdateJobCall
  readonly deleteJob: DeleteJobCall
  readonly summary: SummaryCall
  readonly live: LiveCall
  readonly ready: ReadyCall
  readonly health: HealthCall
  readonly status: StatusCall
  readonly listNodes: ListNodesCall
  readonly listSeats: ListSeatsCall
  readonly metrics: MetricsCall
  readonly openApi: OpenApiCall
  readonly pauseQueue: PauseQueueCall
  readonly resumeQueue: ResumeQueueCall
  readonly listQueues: ListQueuesCall
  readonly listSchedules: ListSchedulesCall
  readonly getSchedule: GetScheduleCall
  readonly putSchedule: PutScheduleCall
  readonly updateSchedule: UpdateScheduleCall
  readonly removeSchedule: RemoveScheduleCall
  readonly restoreSchedule: RestoreScheduleCall
  readonly listLedger: ListLedgerCall
  readonly listRevisions: ListRevisionsCall
  readonly explain: ExplainCall
  readonly listUnfired: ListUnfiredCall
  readonly previewTrigger: PreviewTriggerCall
  readonly pauseSchedule: PauseScheduleCall
  readonly resumeSchedule: ResumeScheduleCall
  readonly runSchedule: RunScheduleCall
  readonly logIn: LogInCall
  readonly getSession: GetSessionCall
  readonly logOut: LogOutCall
  readonly listTasks: ListTasksCall
  readonly listFailures: ListFailuresCall
}

export const routes = {
  ...auditRoutes,
  ...incidentsRoutes,
  ...jobsRoutes,
  ...processesRoutes,
  ...queuesRoutes,
  ...schedulesRoutes,
  ...sessionsRoutes,
  ...workRoutes
} as const
