import type { Declared } from './nodes.ts'

/** The id of a schedule, and a digest of its definition in code. */
export type SetMember = readonly [id: string, digest: string]

/** The schedules that code names, as one set. It is stored once for all processes that declare it. */
export interface DeclaredSet {
  readonly app: string
  readonly hash: string
  readonly members: readonly SetMember[]
}

export interface KnownSet {
  readonly app: string
  readonly hash: string
  /** The set's number, in the order in which the books first saw each. */
  readonly number: number
  /** Undefined: they were dropped, since no node had declared the set for long. */
  readonly members: readonly SetMember[] | undefined
}

/** What people are not shown of a task's payloads, results, progress and steps: what the path names. */
export interface Redaction {
  readonly task: string
  /** As `redact` of the task has it. */
  readonly path: string
}

export interface DeclarationStore {
  /** Stores a set. A known set keeps its number. */
  keepSet(set: DeclaredSet): Promise<void>
  /** Omits unknown sets. Reads members only if asked: there may be 100,000. */
  readSets(
    sets: readonly Pick<Declared, 'app' | 'hash'>[],
    options?: { readonly withMembers?: boolean }
  ): Promise<readonly KnownSet[]>
  /** Adds them to what the books have. They stay, since jobs of earlier releases do. */
  keepRedactions(redactions: readonly Redaction[]): Promise<void>
  /** All, by task and path. */
  readRedactions(): Promise<readonly Redaction[]>
  /** Replaces what a live node's code knows and names. */
  describeNode(
    nodeId: string,
    code: { readonly tasks: readonly string[]; readonly declares: readonly Declared[] }
  ): Promise<void>
}
