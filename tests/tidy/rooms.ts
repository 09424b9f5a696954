import { importsOf } from './imports.ts'
import type { Source } from './sources.ts'

/** From a room to the rooms that it may import. */
export type Arrows = ReadonlyMap<string, readonly string[]>

/** The files of src itself: the faces of the package. */
export const ENTRIES = 'src/*.ts'

const HEADING = '## Rooms and arrows'

/** Reads the table under "Rooms and arrows": `room` | what it is | the `rooms` that it may import, or "every room". */
export function readArrows(architecture: string): Arrows {
  const section = architecture.split(`\n${HEADING}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter(line => line.startsWith('| `'))
  const cells = rows.map(row => row.split('|').map(cell => cell.trim()))
  const rooms = cells.map(([, room = '']) => codesIn(room)[0] ?? '')
  return new Map(
    cells.map(([, , , targets = ''], at) => [
      rooms[at] ?? '',
      targets.startsWith('every room') ? rooms : codesIn(targets)
    ])
  )
}

const codesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '')

/** The room of a file of src: its folder, or under `stores` the folder of the store. */
export function roomOf(path: string): string {
  const [, first = '', second = '', ...rest] = path.split('/')
  if (second === '') return ENTRIES
  return first === 'stores' && rest.length > 0 ? `stores/${second}` : first
}

/** Every room that imports another one, once per pair, with a file in which it does. */
export function crossingsOf(sources: readonly Source[]): Map<string, { from: string; to: string; path: string }> {
  const crossings = new Map<string, { from: string; to: string; path: string }>()
  for (const source of sources) {
    const from = roomOf(source.path)
    for (const to of importsOf(source).map(roomOf))
      if (from !== to) crossings.set(`${from} > ${to}`, { from, to, path: source.path })
  }
  return crossings
}

export function forbiddenCrossings(sources: readonly Source[], arrows: Arrows): string[] {
  return [...crossingsOf(sources).values()]
    .filter(({ from, to }) => !arrows.get(from)?.includes(to))
    .map(({ from, to, path }) => `${from} may not import ${to}, but ${path} does`)
}

/** Rooms that have files and no row. */
export function unknownRooms(sources: readonly Source[], arrows: Arrows): string[] {
  return [...new Set(sources.map(({ path }) => roomOf(path)))].filter(room => !arrows.has(room))
}

/** Arrows of the table that no import follows, but for the rooms that may import all. */
export function unusedArrows(sources: readonly Source[], arrows: Arrows): string[] {
  const crossings = crossingsOf(sources)
  const drawn = [...arrows].filter(([, targets]) => targets.length < arrows.size)
  return drawn.flatMap(([from, targets]) => targets.map(to => `${from} > ${to}`)).filter(arrow => !crossings.has(arrow))
}
