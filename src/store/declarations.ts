import type { Declared } from './nodes.ts'

/** The id of a schedule, and a digest of the definition that code gives it. */
export type SetMember = readonly [id: string, digest: string]

/** The schedules that code names, as one set: kept once, however many processes declare it. */
export interface DeclaredSet {
  readonly app: string
  readonly hash: string
  readonly members: readonly SetMember[]
}

export interface KnownSet {
  readonly app: string
  readonly hash: string
  /** Grows with each set that the books see for the first time. */
  readonly number: number
  /** Undefined: no node has declared it for long, and they were dropped. */
  readonly members: readonly SetMember[] | undefined
}

export interface DeclarationStore {
  /** A set that is there already keeps its number. */
  keepSet(set: DeclaredSet): Promise<void>
  /** Unknown ones are left out. Members only when asked for: there may be 100,000. */
  readSets(
    sets: readonly Pick<Declared, 'app' | 'hash'>[],
    options?: { readonly withMembers?: boolean }
  ): Promise<readonly KnownSet[]>
  /** A node that is alive says anew what its code knows and names. */
  describeNode(
    nodeId: string,
    code: { readonly tasks: readonly string[]; readonly declares: readonly Declared[] }
  ): Promise<void>
}
