import { posix } from 'node:path'
import type { Source } from './sources.ts'
import { isNode, nodesOf } from './syntax.ts'

const importing = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType'
])

/** What a file names in imports and re-exports, of values and of types, static and dynamic. */
export function specifiersOf(source: Source): string[] {
  const named = nodesOf(source).filter(node => importing.has(node.type))
  return named.map(node => node['source']).flatMap(from => (isNode(from) ? [String(from['value'])] : []))
}

/** The files of the project that a file imports, as paths from the root. */
export function importsOf(source: Source): string[] {
  const relative = specifiersOf(source).filter(specifier => specifier.startsWith('.'))
  return [...new Set(relative.map(specifier => posix.join(posix.dirname(source.path), specifier)))]
}

/** Each cycle of imports once, written as a walk: `a.ts > b.ts > a.ts`. */
export function cyclesOf(sources: readonly Source[]): string[] {
  const targets = new Map(sources.map(source => [source.path, importsOf(source)]))
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(path)
    if (seenAt >= 0) cycles.push([...trail.slice(seenAt), path].join(' > '))
    if (seenAt >= 0 || done.has(path)) return
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path])
    done.add(path)
  }
  for (const { path } of sources) visit(path, [])
  return cycles
}
