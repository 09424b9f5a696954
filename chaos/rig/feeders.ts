import { Member } from './member.ts'
import type { Recorder } from '../recorder.ts'

export interface FeedersOptions {
  readonly product: string
  readonly hosts: readonly string[]
  readonly rate: number
  /** The store's time from which jobs are due. */
  readonly beganAt: number
  readonly folder: string
  readonly envOf: (host: string) => Readonly<Record<string, string>>
  readonly recorder: Recorder
}

export interface Feeders {
  pids(): readonly number[]
  /** Resolves when every request has been made and resolved. */
  done(): Promise<void>
  abandon(): Promise<void>
  output(): string
}

/** One process on each host that enqueues its share of the jobs, and is started again when it is killed. */
export function startFeeders(options: FeedersOptions): Feeders {
  const { product, hosts, rate, beganAt, folder, envOf, recorder } = options
  const members = hosts.map((host, share) => {
    const args = [`${product}/chaos/app/feeder.ts`, ...[share, hosts.length, rate, beganAt].map(String)]
    const name = `feeder-${share}`
    return new Member({
      name,
      host,
      args,
      folder,
      env: envOf(host),
      recorder,
      readyWhen: /^feeding/,
      endsByItself: true
    })
  })
  for (const member of members) void member.start()
  return {
    pids: () => members.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    done: async () => void (await Promise.all(members.map(member => member.done()))),
    abandon: async () => void (await Promise.all(members.map(member => member.abandon()))),
    output: () => members.map(({ name, output }) => `--- ${name}\n${output}`).join('\n')
  }
}
