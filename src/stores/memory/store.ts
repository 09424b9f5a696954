import type { NewAuditEntry } from '../../core/access/audit.ts'
import { aText, judgedLater } from '../../core/options/forms.ts'
import { checkOptions, door } from '../../core/options/options.ts'
import type { CountStore } from '../../store/counts.ts'
import type { AuditStore } from '../../store/access/audit.ts'
import type { SessionStore } from '../../store/access/sessions.ts'
import type { TokenStore } from '../../store/access/tokens.ts'
import * as entries from '../../store/access/entries-of.ts'
import type { AlertStore } from '../../store/alerts.ts'
import type { DeclarationStore } from '../../store/declarations.ts'
import type { FindingStore } from '../../store/finding.ts'
import type { JobStore } from '../../store/jobs.ts'
import type { MovingStore } from '../../store/moving.ts'
import type { NodeStore } from '../../store/nodes.ts'
import type { ReadingStore } from '../../store/reading.ts'
import type { ScheduleStore } from '../../store/schedules.ts'
import type { SeatStore } from '../../store/seats.ts'
import type { Store } from '../../store/store.ts'
import { listAudit, writeAudit } from './access/audit.ts'
import * as sessions from './access/sessions.ts'
import * as tokens from './access/tokens.ts'
import * as alerts from './alerts.ts'
import * as attempts from './jobs/attempts.ts'
import type { MemoryBooks } from './books.ts'
import { createMemoryBooks } from './books.ts'
import { claimJobs } from './jobs/claims.ts'
import type { Connection } from './connection.ts'
import { connect } from './connection.ts'
import * as totals from './counts/totals.ts'
import { readTally } from './counts/tally.ts'
import * as declarations from './declarations.ts'
import * as finding from './finding/schedules.ts'
import * as health from './counts/health.ts'
import { hastenJobs } from './jobs/hasten.ts'
import * as jobs from './jobs/jobs.ts'
import * as moving from './moving.ts'
import * as nodes from './nodes.ts'
import { prune } from './prune.ts'
import * as reading from './reading.ts'
import { rescue } from './jobs/rescue.ts'
import * as schedules from './schedules.ts'
import * as seats from './seats.ts'
import { settle } from './jobs/settling.ts'
import { transact } from './transactions.ts'

/**
 * The options of `openMemoryStore`.
 *
 * @experimental
 */
export interface MemoryStoreOptions {
  /** The store's time. */
  readonly clock: { now(): number }
  /**
   * Books that other connections share.
   * @default new ones
   */
  readonly books?: MemoryBooks
  /**
   * The UUID of new books.
   * @default a random one
   */
  readonly id?: string
}

interface Access extends Connection {
  readonly books: MemoryBooks
  readonly now: () => number
}

/** A change and the entries about it: nothing happens between the two. */
function audited<T>({ books, now }: Access, answer: T, entriesOf: (answer: T) => readonly NewAuditEntry[]): T {
  writeAudit(books, entriesOf(answer), now())
  return answer
}

const memoryDoor = door<MemoryStoreOptions>('options-invalid', { clock: judgedLater, books: judgedLater, id: aText })

/**
 * A connection to books that live in this process and end with it: for tests, simulations, and apps that may forget.
 * Every method finishes within one turn of the event loop, so nothing happens between its reads and its writes.
 *
 * @example
 * ```ts
 * const store = openMemoryStore({ clock: new ManualClock() })
 * ```
 *
 * @experimental
 */
export function openMemoryStore(options: MemoryStoreOptions): Store {
  checkOptions('openMemoryStore()', options, memoryDoor)
  const { clock, books, id } = options
  const opened = books ?? createMemoryBooks(id)
  const connection = connect(opened)
  const access: Access = { ...connection, books: opened, now: () => clock.now() }
  return {
    traits: { name: 'memory', reach: 'process', transactions: 'sync', clock: 'process' },
    id: opened.id,
    now: () => access.read(access.now),
    watch: connection.watch,
    close: async () => connection.close(),
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

const scheduleMethods = (access: Access): ScheduleStore => ({
  ...readingSchedules(access),
  writeSchedules: writes =>
    access.write(() =>
      audited(access, schedules.writeSchedules(access.books, writes, access.now()), answers =>
        entries.ofSchedules(writes, answers)
      )
    )
})

const readingSchedules = ({ books, now, read, write }: Access): Omit<ScheduleStore, 'writeSchedules'> => ({
  dueSchedules: (limit, skipShare = 0) => read(() => schedules.dueSchedules(books, { limit, skipShare }, now())),
  readSchedules: ids => read(() => schedules.readSchedules(books, ids, now())),
  schedulesUnderOtherZoneData: (timezoneData, page) =>
    read(() => schedules.schedulesUnderOtherZoneData(books, timezoneData, page)),
  aheadSchedules: (toleranceMs, limit) => read(() => schedules.aheadSchedules(books, { toleranceMs, limit }, now())),
  nextDueAt: () => read(() => books.due.first?.nextFireAt),
  readApp: (app, hash) => read(() => schedules.readApp(books, app, hash)),
  listAside: (app, page) => read(() => reading.listAside(books, app, page)),
  writeRegistration: (registration, ids, { marks = true } = {}) =>
    write(() => schedules.writeRegistration(books, registration, { ids, marks, now: now() }))
})

const declarationMethods = ({ books, read, write }: Access): DeclarationStore => ({
  keepSet: set => write(() => declarations.keepSet(books, set)),
  readSets: (sets, { withMembers = false } = {}) => read(() => declarations.readSets(books, sets, withMembers)),
  keepRedactions: redactions => write(() => declarations.keepRedactions(books, redactions)),
  readRedactions: () => read(() => declarations.readRedactions(books)),
  describeNode: (nodeId, code) => write(() => declarations.describeNode(books, nodeId, code))
})

type OperatedOn = 'enqueue' | 'cancel' | 'retry' | 'changeJob' | 'deleteJobs' | 'pauseQueue'

const jobMethods = (access: Access): JobStore => ({ ...workMethods(access), ...operatingMethods(access) })

const operatingMethods = (access: Access): Pick<JobStore, OperatedOn> => {
  const { books, now, write } = access
  return {
    enqueue: (batch, audit) =>
      write(() =>
        audited(access, jobs.enqueue(books, batch, now()), answers => entries.ofEnqueued(batch, answers, audit))
      ),
    cancel: (ids, audit) =>
      write(() => audited(access, jobs.cancel(books, ids, now()), answers => entries.ofCancelled(ids, answers, audit))),
    retry: (id, guard, audit) =>
      write(() =>
        audited(access, jobs.retry(books, id, { guard, now: now() }), answer =>
          entries.ofOne(answer === 'retried', audit)
        )
      ),
    changeJob: (id, change, audit) =>
      write(() =>
        audited(access, jobs.changeJob(books, id, { change, now: now() }), answer =>
          entries.ofOne(answer === 'changed', audit)
        )
      ),
    deleteJobs: (ids, audit) =>
      write(() => audited(access, jobs.deleteJobs(books, ids), answers => entries.ofDeleted(ids, answers, audit))),
    pauseQueue: (queue, paused, audit) =>
      write(() => {
        const isChanged = jobs.pauseQueue(books, queue, { paused, now: now() })
        writeAudit(books, entries.ofOne(isChanged, audit), now())
      })
  }
}

const workMethods = ({ books, now, read, write }: Access): Omit<JobStore, OperatedOn> => ({
  claim: request => write(() => claimJobs(books, request, now())),
  markStarted: attempt => write(() => attempts.markStarted(books, attempt, now())),
  settle: reports => write(() => settle(books, reports, now())),
  transact: (attempt, body) => write(() => transact(books, attempt, { body, now: now() })),
  saveStep: (attempt, step) => write(() => attempts.saveStep(books, attempt, step)),
  readSteps: jobId => read(() => attempts.readSteps(books, jobId)),
  saveProgress: (attempt, progress) => write(() => attempts.saveProgress(books, attempt, progress)),
  rescue: limit => write(() => rescue(books, limit, now())),
  hastenJobs: toleranceMs => write(() => hastenJobs(books, toleranceMs, now()))
})

const nodeMethods = ({ books, now, read, write }: Access): NodeStore => ({
  join: node => write(() => nodes.join(books, node, now())),
  renew: (nodeId, report) => write(() => nodes.renew(books, { nodeId, report }, now())),
  leave: nodeId => write(() => nodes.leave(books, nodeId, now())),
  markLost: (id, counter) => write(() => nodes.markLost(books, { id, counter }, now())),
  listNodes: () => read(() => [...books.nodes.values()])
})

const seatMethods = ({ books, now, read, write }: Access): SeatStore => ({
  listSeats: () => read(() => seats.listSeats(books)),
  takeSeat: claim => write(() => seats.takeSeat(books, claim, now())),
  renewSeat: held => write(() => seats.renewSeat(books, held, now())),
  resignSeat: held => write(() => seats.resignSeat(books, held)),
  enqueueInSeat: (held, batch) =>
    write(() => (seats.isHeld(books, held) ? jobs.enqueue(books, batch, now()) : 'deposed'))
})

const readingMethods = ({ books, now, read, write }: Access): ReadingStore => ({
  listSchedules: page => read(() => reading.listSchedules(books, page)),
  readTimeline: scheduleId => read(() => [...(books.timelines.get(scheduleId) ?? [])]),
  listLedger: (filter, page) => read(() => reading.listLedger(books, filter, page)),
  latestLedger: (scheduleId, limit) => read(() => reading.latestLedger(books, scheduleId, limit)),
  ledgerPrunedUntil: () => read(() => books.ledgerPrunedUntil),
  readEnds: ids => read(() => reading.readEnds(books, ids)),
  readJob: id => read(() => books.jobs.get(id)),
  listJobs: (filter, page) => read(() => reading.listJobs(books, filter, page)),
  listQueues: () => read(() => reading.listQueues(books)),
  taskBacklogs: () => read(() => reading.taskBacklogs(books)),
  prune: request => write(() => prune(books, request, now()))
})

const findingMethods = ({ books, now, read }: Access): FindingStore => ({
  findSchedules: (filter, page) => read(() => finding.findSchedules(books, filter, page)),
  readStrips: (ids, limit) => read(() => finding.readStrips(books, ids, limit)),
  waitingSince: ids => read(() => finding.waitingSince(books, ids, now())),
  listUnfired: (filter, page) => read(() => finding.listUnfired(books, filter, page))
})

const countMethods = ({ books, read }: Access): CountStore => ({
  readTotals: () => read(() => totals.readTotals(books)),
  readTally: filter => read(() => readTally(books, filter)),
  readHealth: ids => read(() => health.readHealth(books, ids)),
  listFailing: page => read(() => health.listFailing(books, page))
})

const auditMethods = ({ books, now, read, write }: Access): AuditStore => ({
  writeAudit: entries => write(() => writeAudit(books, entries, now())),
  listAudit: (filter, page) => read(() => listAudit(books, filter, page))
})

const accessMethods = ({ books, now, read, write }: Access): TokenStore & SessionStore => {
  const note = (isChanged: boolean, audit: NewAuditEntry | undefined): void =>
    writeAudit(books, entries.ofOne(isChanged, audit), now())
  return {
    makeToken: (token, audit) => write(() => note(tokens.makeToken(books, token, now()), audit)),
    listTokens: page => read(() => tokens.listTokens(books, page)),
    readToken: id => read(() => books.tokens.get(id)),
    revokeToken: (id, audit) =>
      write(() => {
        const answer = tokens.revokeToken(books, id, now())
        note(answer === 'revoked', audit)
        return answer
      }),
    touchToken: id => write(() => tokens.touchToken(books, id, now())),
    makeSession: (session, audit) =>
      write(() => {
        const answer = sessions.makeSession(books, session, now())
        note(answer === 'made', audit)
        return answer === 'refused' ? 'refused' : 'made'
      }),
    readSession: idHash => read(() => sessions.readSession(books, idHash)),
    revokeSession: (idHash, audit) => write(() => note(sessions.revokeSession(books, idHash, now()), audit))
  }
}

const movingMethods = ({ books, read, write }: Access): MovingStore => ({
  exportPage: (kind, page) => read(() => moving.exportPage(books, kind, page)),
  importPart: part => write(() => moving.importPart(books, part))
})

/** No other process waits for what these write. */
const alertMethods = ({ books, now, read }: Access): AlertStore => ({
  takePass: everyMs => read(() => alerts.takePass(books, everyMs, now())),
  readPass: () => read(() => books.alerts.pass),
  writePass: found => read(() => alerts.writePass(books, found, now())),
  readIncidents: resolvedFrom => read(() => alerts.readIncidents(books, resolvedFrom)),
  reportIncident: incident => read(() => alerts.reportIncident(books, incident, now())),
  acknowledgeIncident: (id, by, audit) =>
    read(() => {
      const isOpen = alerts.acknowledgeIncident(books, id, by, now())
      writeAudit(books, entries.ofOne(isOpen, audit), now())
      return isOpen
    }),
  claimNotices: claim => read(() => alerts.claimNotices(books, claim, now())),
  settleNotice: report => read(() => alerts.settleNotice(books, report, now())),
  troubledChannels: tries => read(() => alerts.troubledChannels(books, tries)),
  readWaiting: () => read(() => alerts.readWaiting(books, now())),
  startlessJobs: (before, limit) => read(() => alerts.startlessJobs(books, before, limit)),
  schedulesThatMissed: (from, limit) => read(() => alerts.schedulesThatMissed(books, from, limit)),
  discardedJobs: (from, limit) => read(() => alerts.discardedJobs(books, from, limit)),
  endlessSchedules: limit => read(() => alerts.endlessSchedules(books, limit))
})
