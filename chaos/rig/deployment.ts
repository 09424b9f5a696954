import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { liveMasters, type MasterRecord } from '../../src/launcher/master/run-file.ts'
import type { Topology } from '../../src/settings/kinds/topologies.ts'
import type { Recorder } from '../recorder.ts'
import { Member } from './member.ts'

/** The processes of a run. */
export interface Deployment {
  /** Resolves when all are up. */
  start(): Promise<void>
  /** Those that run the app and are there now, on a host or on all, in the order of their positions. */
  pids(host?: string): readonly number[]
  /** Those that keep them running. */
  masters(): readonly number[]
  /** Where the web processes are now. */
  urls(): readonly string[]
  /** Replaces all of them, as a deployment of the app does. */
  roll(): Promise<void>
  /** Ends all in order. */
  stop(): Promise<void>
  /** Ends all at once. */
  abandon(): Promise<void>
  /** What they said last. */
  output(): string
}

export interface DeploymentOptions {
  readonly topology: Topology
  readonly product: string
  readonly hosts: readonly string[]
  readonly folder: string
  readonly envOf: (host: string) => Readonly<Record<string, string>>
  readonly recorder: Recorder
}

/** How many processes of each kind a host has; where nothing is said there are none to choose. */
const counts: Readonly<Record<Topology, readonly string[]>> = {
  single: [],
  everywhere: ['--web', '3'],
  primary: ['--web', '3'],
  dedicated: ['--web', '2', '--workers', '1'],
  fleet: ['--web', '1', '--schedulers', '1', '--workers', '1']
}

/** On each host `escapement start --topology …`, which something outside starts again when it is killed. */
export function deploymentOf({ topology, product, hosts, folder, envOf, recorder }: DeploymentOptions): Deployment {
  const start = [`${product}/dist/cli/main.js`, 'start', '--config', `${product}/chaos/app/escapement.config.ts`]
  const args = [...start, '--topology', topology, ...counts[topology], '--port', '0', '--max-restarts', '1000']
  const runFolderOf = (host: string): string => join(folder, `run-${host}`)
  const members = hosts.map(host => {
    const env = { ...envOf(host), ESCAPEMENT_RUN_DIR: runFolderOf(host) }
    const onLine = (line: string): void => tellOfEnd(line, recorder)
    return new Member({ name: host, host, args, folder, env, recorder, readyWhen: /^Started/, onLine })
  })
  const recordsOf = (host: string): readonly MasterRecord[] => liveMasters(runFolderOf(host))
  const all = async (act: (member: Member) => Promise<void>): Promise<void> =>
    void (await Promise.all(members.map(act)))
  const pids = (only?: string): readonly number[] =>
    hosts
      .filter(host => only === undefined || host === only)
      .flatMap(host => recordsOf(host).flatMap(({ processes }) => processes))
      .flatMap(({ pid, ready }) => (pid === null || !ready ? [] : [pid]))
  return {
    start: () => all(member => member.start()),
    pids,
    urls: () =>
      hosts
        .flatMap(host => recordsOf(host).flatMap(({ processes }) => processes))
        .flatMap(({ url, roles }) => (url === null || !roles.includes('web') ? [] : [url])),
    masters: () => members.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    roll: () => all(({ pid, host }) => (pid === undefined ? Promise.resolve() : roll(pid, () => recordsOf(host)))),
    stop: () => all(member => member.stop()),
    abandon: async () => {
      const left = pids()
      await all(member => member.abandon())
      for (const pid of left) end(pid)
    },
    output: () => members.map(({ name, output }) => `--- ${name}\n${output}`).join('\n')
  }
}

const notice = /\(pid (\d+)\): (?:ended with (?:status (\d+)|(SIG\w+))|.)/

/** A master says how its processes ended that it had not asked to. */
function tellOfEnd(line: string, recorder: Recorder): void {
  const [, pid, status, signal] = notice.exec(line) ?? []
  // The rig itself has told of what it killed.
  if (pid === undefined || !line.includes('master') || signal === 'SIGKILL') return
  const code = signal === undefined ? Number(status ?? 1) : null
  recorder.write({ what: 'process.ended', pid: Number(pid), code, signal: signal ?? null })
}

const LOOK_EVERY_MS = 50
const PATIENCE_MS = 120_000

/** Resolves when the roll is over, with any outcome, or its master is gone. */
async function roll(pid: number, records: () => readonly MasterRecord[]): Promise<void> {
  const own = (): MasterRecord | undefined => records().find(record => record.pid === pid)
  const before = own()?.rolls
  process.kill(pid, 'SIGHUP')
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_EVERY_MS) {
    await pass(LOOK_EVERY_MS)
    const now = own()
    if (now === undefined || before === undefined || (now.rolls > before && now.rolled !== null)) return
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It had ended already.
  }
}
