import type { Report } from '../../core/job/settle.ts'
import type { CountStore } from '../../store/counts.ts'
import type { AuditStore } from '../../store/access/audit.ts'
import type { SessionStore } from '../../store/access/sessions.ts'
import type { TokenStore } from '../../store/access/tokens.ts'
import type { AlertStore } from '../../store/alerts.ts'
import type { DeclarationStore } from '../../store/declarations.ts'
import type { FindingStore } from '../../store/finding.ts'
import type { EnqueueAnswer, JobStore } from '../../store/jobs.ts'
import type { MovingStore } from '../../store/moving.ts'
import type { NodeStore } from '../../store/nodes.ts'
import type { ReadingStore } from '../../store/reading.ts'
import type { ScheduleStore } from '../../store/schedules.ts'
import type { SeatStore } from '../../store/seats.ts'
import type { Held, SparingWrites } from '../../store/sparing.ts'
import { listQueues, taskBacklogs } from './jobs/job-counts.ts'
import { listJobs } from './jobs/job-pages.ts'
import { Notifier } from './connection/notifier.ts'
import type { Books } from './sql.ts'
import { importPart } from './statements/import-part.ts'
import { listAudit, writeAudit } from './statements/audit.ts'
import * as sights from './statements/alert-sights.ts'
import * as alerts from './statements/alerts.ts'
import * as attempts from './statements/attempts.ts'
import { changeJob, deleteJobs } from './statements/change.ts'
import { claim } from './statements/claim.ts'
import * as counts from './statements/counts.ts'
import { readTally } from './statements/tally.ts'
import * as declarations from './statements/declarations.ts'
import { enqueue, enqueueAudited, enqueueSparing } from './statements/enqueue.ts'
import { readEnds } from './statements/ends.ts'
import { exportPage } from './statements/export-page.ts'
import * as finding from './statements/find-schedules.ts'
import { listUnfired } from './statements/list-unfired.ts'
import * as health from './statements/health.ts'
import { hastenJobs } from './statements/hasten.ts'
import * as nodes from './statements/nodes.ts'
import { cancel, pauseQueue, retry } from './statements/operate.ts'
import { prune } from './statements/prune.ts'
import * as reading from './statements/reading.ts'
import * as registration from './statements/registration.ts'
import { rescue } from './statements/rescue.ts'
import * as schedules from './statements/schedules.ts'
import * as seats from './statements/seats.ts'
import { settle, settleSparing } from './statements/settle.ts'
import * as sessions from './statements/sessions.ts'
import * as tokens from './statements/tokens.ts'
import { transact } from './statements/transact.ts'

/** The methods of the port that are SQL statements: the same for every place where the database runs. */
export const methodsOn = (books: Books, notifier: Notifier) => ({
  ...scheduleMethods(books, notifier),
  ...declarationMethods(books),
  ...jobMethods(books, notifier),
  sparing: sparingWrites(books, notifier),
  ...nodeMethods(books),
  ...seatMethods(books, notifier),
  ...readingMethods(books),
  ...findingMethods(books),
  ...countMethods(books),
  ...movingMethods(books),
  ...auditMethods(books),
  ...accessMethods(books),
  ...alertMethods(books)
})

/** Waits for a write, then notifies the others if it created work or made a change that they wait for. */
async function notifying<T>(notifier: Notifier, answer: Promise<T>, isNews: (answer: T) => boolean): Promise<T> {
  const written = await answer
  if (isNews(written)) notifier.notify()
  return written
}

const scheduleMethods = (books: Books, notifier: Notifier): ScheduleStore => ({
  writeSchedules: writes =>
    notifying(notifier, schedules.writeSchedules(books, writes), answers => answers.includes('written')),
  dueSchedules: (limit, skipShare) => schedules.dueSchedules(books, limit, skipShare),
  readSchedules: ids => schedules.readSchedules(books, ids),
  schedulesUnderOtherZoneData: (timezoneData, page) => schedules.schedulesUnderOtherZoneData(books, timezoneData, page),
  aheadSchedules: (toleranceMs, limit) => schedules.aheadSchedules(books, toleranceMs, limit),
  nextDueAt: () => schedules.nextDueAt(books),
  readApp: (app, hash) => registration.readApp(books, app, hash),
  listAside: (app, page) => registration.listAside(books, app, page),
  writeRegistration: (written, ids, { marks = true } = {}) =>
    registration.writeRegistration(books, written, { ids, marks })
})

const declarationMethods = (books: Books): DeclarationStore => ({
  keepSet: set => declarations.keepSet(books, set),
  readSets: (sets, { withMembers = false } = {}) => declarations.readSets(books, sets, withMembers),
  keepRedactions: redactions => declarations.keepRedactions(books.database, redactions),
  readRedactions: () => declarations.readRedactions(books),
  describeNode: (nodeId, code) => declarations.describeNode(books, nodeId, code)
})

const sparingWrites = (books: Books, notifier: Notifier): SparingWrites => ({
  enqueue: jobs => notifying(notifier, enqueueSparing(books, jobs), isAnyEnqueued),
  settle: reports => notifying(notifier, settleSparing(books, reports), () => freesJobs(reports)),
  writeSchedules: writes =>
    notifying(notifier, schedules.writeSchedulesSparing(books, writes), answers => answers.includes('written'))
})

/** A job that failed or was given back can be claimed again, perhaps by another process. */
const freesJobs = (reports: readonly Report[]): boolean => reports.some(({ outcome }) => outcome.kind !== 'completed')

const jobMethods = (books: Books, notifier: Notifier): JobStore => ({
  enqueue: (jobs, audit) =>
    notifying(notifier, audit === undefined ? enqueue(books, jobs) : enqueueAudited(books, jobs, audit), isAnyEnqueued),
  claim: request => claim(books, request),
  markStarted: attempt => attempts.markStarted(books, attempt),
  settle: reports => notifying(notifier, settle(books, reports), () => freesJobs(reports)),
  transact: (attempt, body) => transact(books, attempt, body),
  saveStep: (attempt, step) => attempts.saveStep(books, attempt, step),
  readSteps: jobId => attempts.readSteps(books, jobId),
  saveProgress: (attempt, progress) => attempts.saveProgress(books, attempt, progress),
  cancel: (ids, audit) =>
    notifying(notifier, cancel(books, ids, audit), answers => answers.some(answer => answer !== 'unknown')),
  retry: (id, guard, audit) => notifying(notifier, retry(books, id, { guard, audit }), answer => answer === 'retried'),
  changeJob: (id, change, audit) =>
    notifying(notifier, changeJob(books, id, { change, audit }), answer => answer === 'changed'),
  deleteJobs: (ids, audit) => deleteJobs(books, ids, audit),
  rescue: limit => notifying(notifier, rescue(books, limit), rescued => rescued.length > 0),
  hastenJobs: toleranceMs => notifying(notifier, hastenJobs(books, toleranceMs), count => count > 0),
  pauseQueue: (queue, paused, audit) => notifying(notifier, pauseQueue(books, queue, { paused, audit }), () => true)
})

const isAnyEnqueued = (answers: readonly (EnqueueAnswer | Held)[]): boolean =>
  answers.some(answer => answer !== 'held' && (answer.outcome === 'enqueued' || answer.outcome === 'replaced'))

const nodeMethods = (books: Books): NodeStore => ({
  join: node => nodes.join(books, node),
  renew: (nodeId, report) => nodes.renew(books, nodeId, report),
  leave: nodeId => nodes.leave(books, nodeId),
  markLost: (nodeId, counter) => nodes.markLost(books, nodeId, counter),
  listNodes: () => nodes.listNodes(books)
})

const seatMethods = (books: Books, notifier: Notifier): SeatStore => ({
  listSeats: () => seats.listSeats(books),
  takeSeat: claimed => seats.takeSeat(books, claimed),
  renewSeat: held => seats.renewSeat(books, held),
  resignSeat: held => notifying(notifier, seats.resignSeat(books, held), () => true),
  enqueueInSeat: (held, jobs) =>
    notifying(notifier, seats.enqueueInSeat(books, held, jobs), answer => answer !== 'deposed' && isAnyEnqueued(answer))
})

const readingMethods = (books: Books): ReadingStore => ({
  listSchedules: page => reading.listSchedules(books, page),
  readTimeline: scheduleId => reading.readTimeline(books, scheduleId),
  listLedger: (filter, page) => reading.listLedger(books, filter, page),
  latestLedger: (scheduleId, limit) => reading.latestLedger(books, scheduleId, limit),
  ledgerPrunedUntil: () => reading.ledgerPrunedUntil(books),
  readEnds: ids => readEnds(books, ids),
  readJob: id => reading.readJob(books, id),
  listJobs: (filter, page) => listJobs(books, filter, page),
  listQueues: () => listQueues(books),
  taskBacklogs: () => taskBacklogs(books),
  prune: request => prune(books, request)
})

const findingMethods = (books: Books): FindingStore => ({
  findSchedules: (filter, page) => finding.findSchedules(books, filter, page),
  readStrips: (ids, limit) => finding.readStrips(books, ids, limit),
  waitingSince: ids => finding.waitingSince(books, ids),
  listUnfired: (filter, page) => listUnfired(books, filter, page)
})

const countMethods = (books: Books): CountStore => ({
  readTotals: () => counts.readTotals(books),
  readTally: filter => readTally(books, filter),
  readHealth: ids => health.readHealth(books, ids),
  listFailing: page => health.listFailing(books, page)
})

const auditMethods = (books: Books): AuditStore => ({
  writeAudit: entries => writeAudit(books, entries),
  listAudit: (filter, page) => listAudit(books, filter, page)
})

const accessMethods = (books: Books): TokenStore & SessionStore => ({
  makeToken: (token, audit) => tokens.makeToken(books, token, audit),
  listTokens: page => tokens.listTokens(books, page),
  readToken: id => tokens.readToken(books, id),
  revokeToken: (id, audit) => tokens.revokeToken(books, id, audit),
  touchToken: id => tokens.touchToken(books, id),
  makeSession: (session, audit) => sessions.makeSession(books, session, audit),
  readSession: idHash => sessions.readSession(books, idHash),
  revokeSession: (idHash, audit) => sessions.revokeSession(books, idHash, audit)
})

const movingMethods = (books: Books): MovingStore => ({
  exportPage: (kind, page) => exportPage(books, kind, page),
  importPart: part => importPart(books, part)
})

/** No other process waits for what these write. */
const alertMethods = (books: Books): AlertStore => ({
  takePass: everyMs => alerts.takePass(books, everyMs),
  readPass: () => alerts.readPass(books),
  writePass: found => alerts.writePass(books, found),
  readIncidents: resolvedFrom => alerts.readIncidents(books, resolvedFrom),
  reportIncident: incident => alerts.reportIncident(books, incident),
  acknowledgeIncident: (id, by, audit) => alerts.acknowledgeIncident(books, id, { by, audit }),
  claimNotices: claim => alerts.claimNotices(books, claim),
  settleNotice: report => alerts.settleNotice(books, report),
  troubledChannels: tries => alerts.troubledChannels(books, tries),
  readWaiting: () => sights.readWaiting(books),
  startlessJobs: (before, limit) => sights.startlessJobs(books, before, limit),
  schedulesThatMissed: (from, limit) => sights.schedulesThatMissed(books, from, limit),
  discardedJobs: (from, limit) => sights.discardedJobs(books, from, limit),
  endlessSchedules: limit => sights.endlessSchedules(books, limit)
})
