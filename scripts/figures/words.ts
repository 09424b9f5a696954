import { roomOf } from '../../tests/tidy/rooms.ts'
import type { Source } from '../../tests/tidy/sources.ts'
import { isNode, type Node, nodesOf } from '../../tests/tidy/syntax.ts'

export interface Words {
  /** Different names that are defined and exported. */
  readonly count: number
  /** Those that are defined in more than one file of a family of rooms: one word, several meanings. */
  readonly several: readonly string[]
}

/** Each store says the same in its own way; all other rooms are one family. */
const familyOf = (path: string): string => (roomOf(path).startsWith('stores/') ? roomOf(path) : 'src')

export function wordsOf(sources: readonly Source[]): Words {
  const locations = new Map<string, Set<string>>()
  for (const source of sources)
    for (const name of exportedBy(source)) {
      const key = `${familyOf(source.path)} ${name}`
      locations.set(key, (locations.get(key) ?? new Set()).add(source.path))
    }
  const several = [...locations].filter(([, paths]) => paths.size > 1)
  return {
    count: locations.size,
    several: several.map(([key, paths]) => `${key.split(' ')[1]}: ${[...paths].join(', ')}`).sort()
  }
}

/** What a file defines and exports, not what it passes on. */
function exportedBy(source: Source): string[] {
  return nodesOf(source)
    .filter(({ type }) => type === 'ExportNamedDeclaration')
    .flatMap(({ declaration }) => (isNode(declaration) ? namesOf(declaration) : []))
}

function namesOf(declaration: Node): string[] {
  const declared = declaration.type === 'VariableDeclaration' ? (declaration['declarations'] as Node[]) : [declaration]
  return declared.flatMap(({ id }) => (isNode(id) && typeof id['name'] === 'string' ? [id['name']] : []))
}
