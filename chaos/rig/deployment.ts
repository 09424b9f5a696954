import type { Recorder } from '../recorder.ts'
import { Member, type MemberOptions } from './member.ts'

/** The processes of a run, wherever they come from. */
export interface Deployment {
  /** Resolves when all are up. */
  start(): Promise<void>
  /** Those that are there now, in an order that their names give. */
  pids(): readonly number[]
  /** Restarts them one after another, as a deployment does. */
  roll(): Promise<void>
  /** Ends all in order. */
  stop(): Promise<void>
  /** Ends all at once. */
  abandon(): Promise<void>
  /** What they said last. */
  output(): string
}

export interface PlainOptions {
  readonly product: string
  readonly hosts: readonly string[]
  readonly perHost: number
  readonly cwd: string
  readonly envOf: (host: string) => Readonly<Record<string, string>>
  readonly recorder: Recorder
}

/** Equal processes with all roles, each `escapement start` by itself, as a process manager keeps them. */
export function plainDeployment({ product, hosts, perHost, cwd, envOf, recorder }: PlainOptions): Deployment {
  const args = [`${product}/dist/cli/main.js`, 'start', '--config', `${product}/chaos/app/escapement.config.ts`]
  const options = (host: string, index: number): MemberOptions => ({
    name: `${host}-${index}`,
    host,
    args,
    cwd,
    env: envOf(host),
    recorder,
    readyWhen: /^Started/m
  })
  const members = hosts.flatMap(host => Array.from({ length: perHost }, (_, index) => new Member(options(host, index))))
  const all = (act: (member: Member) => Promise<void>): Promise<unknown> => Promise.all(members.map(act))
  return {
    start: async () => void (await all(member => member.start())),
    pids: () => members.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    roll: async () => {
      for (const member of members) await member.restart()
    },
    stop: async () => void (await all(member => member.stop())),
    abandon: async () => void (await all(member => member.abandon())),
    output: () => members.map(({ name, output }) => `--- ${name}\n${output}`).join('\n')
  }
}
