import * as v from 'valibot'
import { accessRoles, auditActions, auditOutcomes, auditTargetKinds, auditVias } from '../core/access/audit.ts'
import { jobStates } from '../core/job/job.ts'
import { ledgerOutcomes } from '../core/schedule/ledger.ts'
import type { TriggerJson } from '../core/trigger/trigger.ts'

/** ISO 8601 in UTC. */
const instant = v.pipe(v.string(), v.isoTimestamp())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const text = v.string()
const maybe = { instant: v.nullable(instant), text: v.nullable(text), count: v.nullable(count) }

/** A list with the cursor of its next page; null on the last one. */
export const pageOf = <Item extends v.GenericSchema>(item: Item) =>
  v.object({ items: v.array(item), cursor: maybe.text })

const process = v.object({ name: text, pid: count, host: text, roles: v.array(text), version: text })

export const live = v.object({ status: v.literal('ok'), process: text })

/** The names are those that monitors of such a page look for. */
export const healthSummary = v.object({
  status: v.picklist(['ok', 'degraded']),
  scheduler_running: v.boolean(),
  redis_connected: v.nullable(v.boolean()),
  timestamp: instant
})

export const health = v.object({ status: v.literal('ok'), time: instant, process: text })

export const node = v.object({
  id: text,
  phase: v.picklist(['alive', 'left', 'lost']),
  host: text,
  pid: count,
  roles: v.array(text),
  apps: v.array(text),
  release: v.number(),
  version: text,
  startedAt: instant,
  renewedAt: instant
})

export const status = v.object({
  time: instant,
  process,
  scheduler: v.object({ running: v.boolean(), nodes: count, nextFireAt: maybe.instant, overdue: v.boolean() }),
  nodes: v.object({ alive: count, shown: v.array(node) })
})

const phase = v.picklist(['active', 'paused', 'ended', 'removed'])
const phaseBy = v.nullable(v.picklist(['operator', 'for-good', 'orphans']))
/** Checked by its kind alone: `TriggerJson` has the rest. */
const trigger = v.looseObject({ kind: text }) as unknown as v.GenericSchema<TriggerJson>

export const listedSchedule = v.object({
  id: text,
  task: text,
  phase,
  phaseBy,
  when: text,
  trigger,
  nextFireAt: maybe.instant,
  lastJobCreatedAt: maybe.instant,
  pausedAt: maybe.instant,
  pauseNote: maybe.text,
  liveJobs: count,
  fires: count,
  app: text,
  owner: v.picklist(['code', 'calls']),
  release: v.number(),
  orphanedAt: maybe.instant
})

export const ledgerRow = v.object({
  outcome: v.picklist(ledgerOutcomes),
  count,
  fireAt: instant,
  lastFireAt: instant,
  decidedAt: instant,
  nextFireAt: maybe.instant,
  jobId: maybe.text,
  revision: count,
  node: text,
  timezoneData: text
})

export const explanation = v.object({
  at: instant,
  fate: v.picklist([...ledgerOutcomes, 'pending', 'future', 'missing', 'none', 'forgotten']),
  sentence: text,
  previousAt: maybe.instant,
  nextAt: maybe.instant,
  revision: maybe.count,
  trigger,
  row: v.nullable(ledgerRow)
})

export const seat = v.object({
  seat: text,
  term: count,
  holder: v.nullable(v.object({ id: text, host: text, pid: count })),
  electedAt: instant,
  renewedAt: instant
})

export const queue = v.object({
  queue: text,
  pausedAt: maybe.instant,
  counts: v.object(v.entriesFromList(jobStates, v.optional(count)))
})

/** What a pause or a resume leaves. Its jobs are not counted for that. */
export const pausedQueue = v.object({ queue: text, isPaused: v.boolean() })

/** Without payload, progress, result and stacks: they are for operators. */
export const job = v.object({
  id: text,
  task: text,
  queue: text,
  state: v.picklist(jobStates),
  priority: v.number(),
  origin: v.picklist(['enqueue', 'fire', 'start', 'manual']),
  delivery: v.picklist(['at-least-once', 'at-most-once']),
  scheduleId: maybe.text,
  fireAt: maybe.instant,
  runAt: instant,
  createdAt: instant,
  claimedAt: maybe.instant,
  startedAt: maybe.instant,
  finishedAt: maybe.instant,
  cancelRequestedAt: maybe.instant,
  node: maybe.text,
  uniqueKey: maybe.text,
  failures: count,
  /** Null: no limit. */
  maxAttempts: maybe.count,
  rescues: count,
  snoozes: count,
  lastError: v.nullable(v.object({ attempt: count, at: instant, message: text }))
})

const innerError: v.GenericSchema = v.looseObject({ message: text })

/** What a codec has sealed is shown as `{ sealed }`; what a task redacts is left out. */
export const jobContent = v.object({
  id: text,
  task: text,
  payload: v.unknown(),
  progress: v.unknown(),
  result: v.unknown(),
  errors: v.array(
    v.object({
      attempt: count,
      at: instant,
      message: text,
      stack: v.optional(text),
      code: v.optional(text),
      cause: v.optional(innerError),
      errors: v.optional(v.array(innerError)),
      sealed: v.optional(text)
    })
  )
})

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(100))

/** In percent, of the host of the process that is asked. */
export const hostInUse = v.object({
  timestamp: instant,
  cpu_percent: share,
  memory_percent: share,
  disk_usage: v.nullable(share),
  scheduler_running: v.boolean()
})

/** What was changed is there as its members were before and after; payloads never. */
export const auditEntry = v.object({
  id: text,
  at: instant,
  actor: text,
  role: v.nullable(v.picklist(accessRoles)),
  via: v.picklist(auditVias),
  address: maybe.text,
  action: v.picklist(auditActions),
  targetKind: v.picklist(auditTargetKinds),
  targetId: text,
  before: v.unknown(),
  after: v.unknown(),
  reason: maybe.text,
  bulkId: maybe.text,
  outcome: v.picklist(auditOutcomes),
  count
})
