import type { CountStore } from '../../store/counts.ts'
import type { NewAuditEntry } from '../../core/access/audit.ts'
import type { AuditStore } from '../../store/access/audit.ts'
import type { SessionStore } from '../../store/access/sessions.ts'
import type { TokenStore } from '../../store/access/tokens.ts'
import * as entries from '../../store/access/entries-of.ts'
import type { AlertStore } from '../../store/alerts.ts'
import type { DeclarationStore } from '../../store/declarations.ts'
import type { FindingStore } from '../../store/finding.ts'
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
import type { Books } from './books.ts'
import * as sights from './statements/alert-sights.ts'
import * as alerts from './statements/alerts.ts'
import * as attempts from './statements/attempts.ts'
import { listAudit, writeAudit } from './statements/audit.ts'
import { claim, claimNothing } from './statements/claim.ts'
import * as counts from './statements/counts.ts'
import { readTally } from './statements/tally.ts'
import * as declarations from './statements/declarations.ts'
import { enqueue } from './statements/enqueue.ts'
import { exportPage } from './statements/export-page.ts'
import { importPart } from './statements/import-part.ts'
import * as finding from './statements/find-schedules.ts'
import { listUnfired } from './statements/list-unfired.ts'
import * as health from './statements/health.ts'
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
import * as sessions from './statements/sessions.ts'
import * as tokens from './statements/tokens.ts'
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
    ...findingMethods(access),
    ...countMethods(access),
    ...movingMethods(access),
    ...auditMethods(access),
    ...accessMethods(access),
    ...alertMethods(access)
  }
}

/** A change and the entries about it, in one transaction. */
function audited<T>(books: Books, answer: T, entriesOf: (answer: T) => readonly NewAuditEntry[]): T {
  writeAudit(books, entriesOf(answer))
  return answer
}

const scheduleMethods = (access: Access): ScheduleStore => ({
  writeSchedules: writes =>
    access.writeEach(writes, 50, (books, part) =>
      audited(books, schedules.writeSchedules(books, part), answers => entries.ofSchedules(part, answers))
    ),
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

type OperatedOn = 'enqueue' | 'cancel' | 'retry' | 'changeJob' | 'deleteJobs' | 'pauseQueue'

const jobMethods = (access: Access): JobStore => ({ ...workMethods(access), ...operatingMethods(access) })

const operatingMethods = (access: Access): Pick<JobStore, OperatedOn> => ({
  enqueue: (jobs, audit) =>
    access.write(books => audited(books, enqueue(books, jobs), answers => entries.ofEnqueued(jobs, answers, audit))),
  cancel: (ids, audit) =>
    access.write(books => audited(books, cancel(books, ids), answers => entries.ofCancelled(ids, answers, audit))),
  retry: (id, guard, audit) =>
    access.write(books =>
      audited(books, retry(books, id, guard), answer => entries.ofOne(answer === 'retried', audit))
    ),
  changeJob: (id, change, audit) =>
    access.write(books =>
      audited(books, changeJob(books, id, change), answer => entries.ofOne(answer === 'changed', audit))
    ),
  deleteJobs: (ids, audit) =>
    access.write(books => audited(books, deleteJobs(books, ids), answers => entries.ofDeleted(ids, answers, audit))),
  pauseQueue: (queue, paused, audit) =>
    access.write(books => writeAudit(books, entries.ofOne(pauseQueue(books, queue, paused), audit)))
})

const workMethods = (access: Access): Omit<JobStore, OperatedOn> => ({
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
  rescue: limit =>
    access.writeIfNeeded(
      books => (hasStranded(books) ? undefined : []),
      books => rescue(books, limit)
    ),
  hastenJobs: toleranceMs => access.write(books => hastenJobs(books, toleranceMs)),
  recordFault: (jobId, failure) => access.writeNow(books => recordFault(books, jobId, failure))
})

const nodeMethods = (access: Access): NodeStore => ({
  join: node => access.write(books => nodes.join(books, node)),
  renew: (nodeId, report) => access.write(books => nodes.renew(books, nodeId, report)),
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

const findingMethods = (access: Access): FindingStore => ({
  findSchedules: (filter, page) => finding.findSchedules(access, filter, page),
  readStrips: (ids, limit) => access.read(books => finding.readStrips(books, ids, limit)),
  waitingSince: ids => access.readSnapshot(books => finding.waitingSince(books, ids)),
  listUnfired: (filter, page) => listUnfired(access, filter, page)
})

const countMethods = (access: Access): CountStore => ({
  readTotals: () => access.read(counts.readTotals),
  readTally: filter => access.read(books => readTally(books, filter)),
  readHealth: ids => access.readSnapshot(books => health.readHealth(books, ids)),
  listFailing: page => access.read(books => health.listFailing(books, page))
})

const auditMethods = (access: Access): AuditStore => ({
  writeAudit: entries => access.write(books => writeAudit(books, entries)),
  listAudit: (filter, page) => access.read(books => listAudit(books, filter, page))
})

const accessMethods = (access: Access): TokenStore & SessionStore => ({
  makeToken: (token, audit) =>
    access.write(books => writeAudit(books, entries.ofOne(tokens.makeToken(books, token), audit))),
  listTokens: page => access.read(books => tokens.listTokens(books, page)),
  readToken: id => access.read(books => tokens.readToken(books, id)),
  revokeToken: (id, audit) =>
    access.write(books =>
      audited(books, tokens.revokeToken(books, id), answer => entries.ofOne(answer === 'revoked', audit))
    ),
  touchToken: id => access.write(books => tokens.touchToken(books, id)),
  makeSession: async (session, audit) => {
    const answer = await access.write(books =>
      audited(books, sessions.makeSession(books, session), made => entries.ofOne(made === 'made', audit))
    )
    return answer === 'refused' ? 'refused' : 'made'
  },
  readSession: idHash => access.read(books => sessions.readSession(books, idHash)),
  revokeSession: (idHash, audit) =>
    access.write(books => writeAudit(books, entries.ofOne(sessions.revokeSession(books, idHash), audit)))
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
  acknowledgeIncident: (id, by, audit) =>
    access.write(books =>
      audited(books, alerts.acknowledgeIncident(books, id, by), isOpen => entries.ofOne(isOpen, audit))
    ),
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
