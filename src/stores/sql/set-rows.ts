import type { KnownSet, SetMember } from '../../store/declarations.ts'

export type SetRow = readonly [app: string, hash: string, number: number, members: string | null]

export const knownSetOf = ([app, hash, number, members]: SetRow): KnownSet => ({
  app,
  hash,
  number,
  members: members === null ? undefined : (JSON.parse(members) as SetMember[])
})
