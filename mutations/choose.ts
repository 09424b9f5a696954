import { matchesGlob } from 'node:path'
import { randomFrom } from '../scripts/random-from.ts'
import { roomOf } from '../tests/tidy/rooms.ts'
import { onServers } from '../vitest.config.ts'
import type { Guard } from './guard.ts'

export interface Choice {
  /** A part of the name. */
  readonly only?: string | undefined
  readonly room?: string | undefined
  /** Without those whose tests need a database server. */
  readonly withoutServers?: boolean | undefined
}

export const roomOfGuard = ({ file }: Guard): string => roomOf(file)

export const needsServers = ({ tests }: Guard): boolean =>
  tests.some(([file]) => onServers.some(pattern => matchesGlob(file, pattern)))

export const chosen = (guards: readonly Guard[], { only = '', room, withoutServers = false }: Choice): Guard[] =>
  guards.filter(
    guard =>
      guard.name.includes(only) &&
      (room === undefined || roomOfGuard(guard) === room) &&
      !(withoutServers && needsServers(guard))
  )

/** The same guards in another order, which follows from the seed. */
export function shuffled(guards: readonly Guard[], seed: number): Guard[] {
  const random = randomFrom(seed)
  const ranked = guards.map(guard => ({ guard, rank: random() }))
  return ranked.sort((a, b) => a.rank - b.rank).map(({ guard }) => guard)
}
