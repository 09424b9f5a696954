import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import type { Store } from '../src/store/store.ts'
import { toEnvironment } from './app/surroundings.ts'
import type { BookedNode } from './books.ts'
import { check, type Verdict } from './checker/check.ts'
import { limitsFor } from './checker/limits.ts'
import { historyIn, keepEvidence, readEvidence } from './evidence.ts'
import { type Fault, type FaultKind, planInWords, planOf } from './plan.ts'
import { Recorder, storeTime } from './recorder.ts'
import type { Backend } from './rig/backend.ts'
import type { Deployment } from './rig/deployment.ts'
import { type Feeders, startFeeders } from './rig/feeders.ts'
import type { Product } from './rig/product.ts'
import { watchMachine } from './rig/machine.ts'
import type { Member } from './rig/member.ts'
import { oldReleaseOn } from './rig/old-release.ts'
import { operate } from './rig/operator.ts'
import { readBooks, readNodes } from './rig/read-books.ts'
import { type SkewedClocks, skewedClocks } from './rig/skew.ts'
import { Tail } from './rig/tail.ts'
import { strikeAll } from './rig/strike.ts'
import { schedulesOf, UNKNOWN_QUEUE } from './workload.ts'

/** What a deployment is made of. */
export interface Given {
  readonly product: string
  readonly hosts: readonly string[]
  readonly folder: string
  readonly envOf: (host: string) => Readonly<Record<string, string>>
  readonly recorder: Recorder
}

export interface RunOptions {
  readonly seed: number
  readonly seconds: number
  /** The run's own. */
  readonly folder: string
  /** Where the product is that the processes run. */
  readonly product: string
  /** What it exports. */
  readonly api: Product
  readonly schedules: number
  /** Jobs enqueued a second. */
  readonly rate: number
  readonly kinds: readonly FaultKind[]
  /** In place of one that follows from the seed. */
  readonly plan?: readonly Fault[] | undefined
  /** In addition to what the run itself sets. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** How long the books may take to be drained until that is given up. */
  readonly drainMs?: number | undefined
  readonly backend: Backend
  readonly deploy: (given: Given) => Deployment
  readonly tell: (progress: string) => void
}

export interface Ran extends Verdict {
  readonly plan: readonly Fault[]
}

/** The shortest that the settings take, so that many leases end in a run. */
const LEASE_TTL_MS = 3_000
/** Until the first job is due; what starts later catches up. */
const STARTING_MS = 3_000
const STARTED_WITHIN_MS = 120_000
const LOOK_EVERY_MS = 100
const SETTLING_MS = 500
const QUIET_MS = 1_500
/** A run that is not drained by then never is. */
const DRAIN_MS = 240_000

/**
 * Starts everything, lets the faults come, waits until nothing is left to do, and holds the history to the invariants.
 */
export async function run(options: RunOptions): Promise<Ran> {
  const { seed, seconds, folder, product, backend, tell } = options
  const clockOffsetMs = await backend.clockOffsetMs()
  const endsAt = Math.ceil(storeTime(clockOffsetMs)) + STARTING_MS + seconds * 1_000
  const history = historyIn(folder)
  const recorder = new Recorder(history, 'rig', clockOffsetMs)
  const clocks = skewedClocks(join(folder, 'clocks'))
  const run = { history, clockOffsetMs, endsAt, schedules: options.schedules, seed, leaseTtlMs: LEASE_TTL_MS }
  const envOf = (host: string): Record<string, string> => ({
    ...plainEnvironment(),
    ...toEnvironment(run),
    ...(options.kinds.some(isOfClocks) ? clocks.envOf(host) : {}),
    DATABASE_URL: backend.urlFor(host),
    ...options.env
  })
  const given: Given = { product, hosts: backend.hosts, folder, envOf, recorder }
  const deployment = options.deploy(given)
  const plan = options.plan ?? planFor(options, clocks)
  tell(`the plan of seed ${seed}\n${planInWords(plan)}`)
  const beganAt = endsAt - seconds * 1_000
  const course = { ...options, given, history, recorder, clocks, deployment, plan, beganAt, endsAt, clockOffsetMs }
  const nodes = await goThrough(course)
  tell('all has ended; reading the books')
  const store = await backend.open()
  const books = { ...(await readBooks(store, backend)), nodes }
  await store.close()
  const schedules = schedulesOf(options.schedules, endsAt)
  keepEvidence(folder, { books, schedules, limits: limitsFor(LEASE_TTL_MS) })
  return { ...check(readEvidence(folder)), plan }
}

/** The environment that the processes may see: none of the settings of the person who runs this. */
const plainEnvironment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '/',
  NO_COLOR: '1',
  ESCAPEMENT_LOG_LEVEL: 'debug'
})

/** A run this long has a calm behind the storm as well, and the time to recover before that. */
const LONG_S = 30
const FIRST_CALM_MS = 4_000
const LAST_CALM_SHARE = 1 / 6

const isOfClocks = (kind: FaultKind): boolean => kind === 'skew' || kind === 'leap'

function planFor({ seed, seconds, kinds, tell }: RunOptions, clocks: SkewedClocks): Fault[] {
  if (kinds.some(isOfClocks) && !clocks.isPossible) tell('no libfaketime here: no clock lies')
  const possible = kinds.filter(kind => !isOfClocks(kind) || clocks.isPossible)
  const endMs = seconds * 1_000
  const { recoveryMs } = limitsFor(LEASE_TTL_MS)
  const lastAtMs = seconds < LONG_S ? endMs : endMs * (1 - LAST_CALM_SHARE) - recoveryMs
  return planOf({ seed, kinds: possible, leaseTtlMs: LEASE_TTL_MS, firstAtMs: FIRST_CALM_MS, lastAtMs })
}

/** What was due while they start would come all at once. */
const FEEDERS_START_MS = 3_000

interface Course extends RunOptions {
  readonly given: Given
  readonly history: string
  readonly recorder: Recorder
  readonly clocks: SkewedClocks
  readonly deployment: Deployment
  readonly plan: readonly Fault[]
  readonly beganAt: number
  readonly endsAt: number
  readonly clockOffsetMs: number
}

/** From the start of the processes to their end. Resolves with the nodes as they were shown before that. */
async function goThrough(course: Course): Promise<BookedNode[]> {
  const { deployment, recorder, beganAt, clockOffsetMs, tell } = course
  const store = await course.backend.open()
  const unwatch = watchMachine(recorder)
  let feeders: Feeders | undefined
  try {
    await withPatience(
      deployment.start(),
      STARTED_WITHIN_MS,
      () => `the processes did not start:\n${deployment.output()}`
    )
    await pass(Math.max(0, beganAt - storeTime(clockOffsetMs)))
    recorder.write({ what: 'run.began' })
    feeders = startFeeders({ ...course.given, rate: course.rate, beganAt: beganAt + FEEDERS_START_MS })
    await suffer(course, feeders)
    recorder.write({ what: 'run.fed' })
    tell('all is fed')
    if (await isDrained(store, course.drainMs ?? DRAIN_MS)) recorder.write({ what: 'run.drained' })
    await pass(SETTLING_MS)
    recorder.write({ what: 'quiet.began' })
    await pass(QUIET_MS)
    recorder.write({ what: 'quiet.ended' })
    const nodes = await readNodes(store)
    await deployment.stop()
    return nodes
  } finally {
    unwatch()
    await Promise.all([deployment.abandon(), feeders?.abandon(), store.close()])
  }
}

async function suffer(course: Course, feeders: Feeders): Promise<void> {
  const { plan, recorder, backend, seconds, endsAt, clockOffsetMs } = course
  const tail = new Tail(course.history)
  const oldRelease = (host: string): Member => oldReleaseOn(host, course.given)
  const scene = { ...course, tail, oldRelease, feederPids: () => feeders.pids() }
  const operating = operate({
    product: course.api,
    url: backend.urlFor(backend.hosts[0] as string),
    recorder,
    untilMs: seconds * 1_000
  })
  const restMs = endsAt - storeTime(clockOffsetMs) + DRAIN_MS
  const all = Promise.all([strikeAll(plan, scene), operating, feeders.done()])
  await withPatience(all, restMs, () => `the run did not come to its end:\n${feeders.output()}`)
  tail.close()
}

/** Whether every fire time was decided and every job run. How long it may take is the checker's to say. */
async function isDrained(store: Store, drainMs: number): Promise<boolean> {
  const until = storeTime(0) + drainMs
  while (storeTime(0) < until) {
    const queues = await store.listQueues()
    const isEmpty = queues.every(({ queue, counts }) => queue === UNKNOWN_QUEUE || Object.keys(counts).length === 0)
    if (isEmpty && (await store.nextDueAt()) === undefined) return true
    await pass(LOOK_EVERY_MS)
  }
  return false
}

/** @throws Error in the words given when it takes longer. */
async function withPatience<T>(work: Promise<T>, ms: number, inWords: () => string): Promise<T> {
  const over = new AbortController()
  const late = pass(ms, undefined, { signal: over.signal }).then(() => {
    throw new Error(inWords())
  })
  late.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    over.abort()
  }
}
