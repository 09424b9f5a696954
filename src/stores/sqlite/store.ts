import type { AlertStore } from '../../store/alerts.ts'
import type { DeclarationStore } from '../../store/declarations.ts'
import type { JobStore } from '../../store/jobs.ts'
import type { BooksKind, BooksRecords, MovingStore } from '../../store/moving.ts'
import type { NodeStore } from '../../store/nodes.ts'
import type { Page, PageRequest, ReadingStore } from '../../store/reading.ts'
import type { ScheduleStore } from '../../store/schedules.ts'
import type { SeatStore } from '../../store/seats.ts'
import type { Store } from '../../store/store.ts'
import { Access } from './connection/access.ts'
import { listQueues, taskBacklogs } from './jobs/job-counts.ts'
import { listJobs } from './jobs/job-pages.ts'
import { openFile } from './open.ts'
import type { SqliteStoreOptions } from './options.ts'
import * as sights from './statements/alert-sights.ts'
import * as alerts from './statements/alerts.ts'
import * as attempts from './statements/attempts.ts'
import { claim, claimNothing } from './statements/claim.ts'
import * as declarations from './statements/declarations.ts'
import { enqueue } from './statements/enqueue.ts'
import { exportPage } from './statements/export-page.ts'
import { importPart } from './statements/import-part.ts'
import { hastenJobs } from './statements/hasten.ts'
import * as nodes from './statements/nodes.ts'
import { cancel, pauseQueue, retry } from './statements/operate.ts'
import { recordFault } from './statements/fault.ts'
import { prune } from './statements/prune.ts'
import { changeJob, deleteJobs } from './statements/change.ts'
import { readEnds } from './statements/ends.ts'
import * as reading from './statements/reading.ts'
import * as registration from './statements/registration.ts'
import { hasStranded, rescue } from './statements/rescue.ts'
import * as schedules from './statements/schedules.ts'
import * as seats from './statements/seats.ts'
import { settle } from './statements/settle.ts'
import { transact } from './statements/transact.ts'
import { Watch } from './connection/watch.ts'

/**
 * A store for several processes on one host, in one file, without a server.
 *
 * @experimental
 */
export type SqliteStore = Store

/**
 * Opens the file, and creates or migrates it as needed. Many processes may do so at once.
 *
 * @throws EscapementError `store-unavailable` when the file can't be opened or is not a SQLite database;
 * `migration-mismatch` when a newer release has migrated it; `store-busy` when others hold its lock for too long.
 *
 * @example
 * ```ts
 * const store = await openSqliteStore({ file: 'app.db', clock })
 * const { items } = await store.listJobs({ state: 'discarded' }, { limit: 100 })
 * await store.close()
 * ```
 *
 * @experimental
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const { books, busy, id } = await openFile(options)
  const access = new Access(books, busy)
  const watch = new Watch(books.connection, options.clock, options.pollMs ?? 50)
  return {
    traits: {
      name: 'sqlite',
      reach: books.connection.file === ':memory:' ? 'process' : 'host',
      transactions: 'sync',
      clock: 'process'
    },
    id,
    now: () => access.read(() => books.now()),
    watch: listener => watch.add(listener),
    close: async () => {
      watch.end()
      access.close()
    },
    ...scheduleMethods(access),
    ...declarationMethods(access),
    ...jobMethods(access),
    ...nodeMethods(access),
    ...seatMethods(access),
    ...readingMethods(access),
    ...movingMethods(access),
    ...alertMethods(access)
  }
}

const scheduleMethods = (access: Access): ScheduleStore => ({
  writeSchedules: writes => access.writeEach(writes, 50, schedules.writeSchedules),
  dueSchedules: (limit, skipShare) => access.read(books => schedules.dueSchedules(books, limit, skipShare)),
  readSchedules: ids => access.readSnapshot(books => schedules.readSchedules(books, ids)),
  schedulesUnderOtherZoneData: (timezoneData, page) =>
    access.read(books => schedules.schedulesUnderOtherZoneData(books, timezoneData, page)),
  aheadSchedules: (toleranceMs, limit) => access.read(books => schedules.aheadSchedules(books, toleranceMs, limit)),
  nextDueAt: () => access.read(schedules.nextDueAt),
  readApp: (app, hash) => access.read(books => registration.readApp(books, app, hash)),
  listAside: (app, page) => access.read(books => registration.listAside(books, app, page)),
  writeRegistration: (written, ids, { marks = true } = {}) =>
    access.write(books => registration.writeRegistration(books, written, { ids, marks }))
})

const declarationMethods = (access: Access): DeclarationStore => ({
  keepSet: set => access.write(books => declarations.keepSet(books, set)),
  readSets: (sets, { withMembers = false } = {}) =>
    access.read(books => declarations.readSets(books, sets, withMembers)),
  keepRedactions: redactions => access.write(books => declarations.keepRedactions(books, redactions)),
  readRedactions: () => access.read(declarations.readRedactions),
  describeNode: (nodeId, code) => access.write(books => declarations.describeNode(books, nodeId, code))
})

const jobMethods = (access: Access): JobStore => ({
  enqueue: jobs => access.write(books => enqueue(books, jobs)),
  claim: request =>
    access.writeIfNeeded(
      books => claimNothing(books, request),
      books => claim(books, request)
    ),
  markStarted: attempt => access.write(books => attempts.markStarted(books, attempt)),
  settle: reports => access.writeEach(reports, 500, settle),
  transact: (attempt, body) => access.write(books => transact(books, attempt, body), 'once'),
  saveStep: (attempt, step) => access.write(books => attempts.saveStep(books, attempt, step)),
  readSteps: jobId => access.read(books => attempts.readSteps(books, jobId)),
  saveProgress: (attempt, progress) => access.write(books => attempts.saveProgress(books, attempt, progress)),
  cancel: ids => access.write(books => cancel(books, ids)),
  retry: (id, guard) => access.write(books => retry(books, id, guard)),
  changeJob: (id, change) => access.write(books => changeJob(books, id, change)),
  deleteJobs: ids => access.write(books => deleteJobs(books, ids)),
  rescue: limit =>
    access.writeIfNeeded(
      books => (hasStranded(books) ? undefined : []),
      books => rescue(books, limit)
    ),
  hastenJobs: toleranceMs => access.write(books => hastenJobs(books, toleranceMs)),
  pauseQueue: (queue, paused) => access.write(books => pauseQueue(books, queue, paused)),
  recordFault: (jobId, failure) => access.writeNow(books => recordFault(books, jobId, failure))
})

const nodeMethods = (access: Access): NodeStore => ({
  join: node => access.write(books => nodes.join(books, node)),
  renew: nodeId => access.write(books => nodes.renew(books, nodeId)),
  leave: nodeId => access.write(books => nodes.leave(books, nodeId)),
  markLost: (nodeId, counter) => access.write(books => nodes.markLost(books, nodeId, counter)),
  listNodes: () => access.read(nodes.listNodes)
})

const seatMethods = (access: Access): SeatStore => ({
  listSeats: () => access.read(seats.listSeats),
  takeSeat: claim => access.write(books => seats.takeSeat(books, claim)),
  renewSeat: held => access.write(books => seats.renewSeat(books, held)),
  resignSeat: held => access.write(books => seats.resignSeat(books, held)),
  enqueueInSeat: (held, jobs) =>
    access.write(books => (seats.isHeld(books, held) ? enqueue(books, jobs) : ('deposed' as const)))
})

const readingMethods = (access: Access): ReadingStore => ({
  listSchedules: page => access.read(books => reading.listSchedules(books, page)),
  readTimeline: scheduleId => access.read(books => reading.readTimeline(books, scheduleId)),
  listLedger: (filter, page) => access.read(books => reading.listLedger(books, filter, page)),
  latestLedger: (scheduleId, limit) => access.read(books => reading.latestLedger(books, scheduleId, limit)),
  ledgerPrunedUntil: () => access.read(reading.ledgerPrunedUntil),
  readEnds: ids => access.readSnapshot(books => readEnds(books, ids)),
  readJob: id => access.readSnapshot(books => reading.readJob(books, id)),
  listJobs: (filter, page) => listJobs(access, filter, page),
  listQueues: () => listQueues(access),
  taskBacklogs: () => taskBacklogs(access),
  prune: request => access.write(books => prune(books, request))
})

const movingMethods = (access: Access): MovingStore => ({
  exportPage: <Kind extends BooksKind>(kind: Kind, page: PageRequest): Promise<Page<BooksRecords[Kind]>> => {
    if (kind === 'job') return listJobs(access, {}, page) as Promise<Page<BooksRecords[Kind]>>
    return access.read(books => exportPage(books, kind as Exclude<Kind, 'job'>, page))
  },
  importPart: part => access.write(books => importPart(books, part))
})

const alertMethods = (access: Access): AlertStore => ({
  takePass: async everyMs =>
    (await access.writeIfNeeded(
      books => (alerts.isPassTaken(books, everyMs) ? null : undefined),
      books => alerts.takePass(books, everyMs) ?? null
    )) ?? undefined,
  readPass: () => access.read(alerts.readPass),
  writePass: found => access.write(books => alerts.writePass(books, found)),
  readIncidents: resolvedFrom => access.read(books => alerts.readIncidents(books, resolvedFrom)),
  reportIncident: incident => access.write(books => alerts.reportIncident(books, incident)),
  acknowledgeIncident: (id, by) => access.write(books => alerts.acknowledgeIncident(books, id, by)),
  claimNotices: claim =>
    access.writeIfNeeded(
      books => (alerts.isNoticeDue(books, claim.channels) ? undefined : []),
      books => alerts.claimNotices(books, claim)
    ),
  settleNotice: report => access.write(books => alerts.settleNotice(books, report)),
  troubledChannels: tries => access.read(books => alerts.troubledChannels(books, tries)),
  readWaiting: () => access.readSnapshot(sights.readWaiting),
  startlessJobs: (before, limit) => access.read(books => sights.startlessJobs(books, before, limit)),
  schedulesThatMissed: (from, limit) => access.read(books => sights.schedulesThatMissed(books, from, limit)),
  discardedJobs: (from, limit) => access.read(books => sights.discardedJobs(books, from, limit)),
  endlessSchedules: limit => access.read(books => sights.endlessSchedules(books, limit))
})
