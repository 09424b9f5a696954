import type { Source } from './sources.ts'
import { isNode, type Node, nodesOf, locationOf } from './syntax.ts'

const bag = /(settings|options|config|coordination|parts|wishes)$/i

/** Of Node's SQLite. Other classes that are not ours are asked for by a name with a dot. */
const FOREIGN = 'Database'

/**
 * Bags that are spread into what a class is made of, and settings that are spread anywhere: then nobody sees which of
 * them reaches whom.
 */
export function spreadBagsIn(source: Source): string[] {
  const ofClasses = nodesOf(source).filter(isOwnConstruction).flatMap(spreadsOfArguments)
  const ofSettings = nodesOf(source).filter(node => isSpreadOf(node, /settings$/i))
  return [...new Set([...ofClasses, ...ofSettings])].map(node => `${locationOf(source, node)}: a bag is spread`)
}

const isOwnConstruction = (node: Node): boolean =>
  node.type === 'NewExpression' && isNode(node['callee']) && !isForeign(node['callee'])

const isForeign = (callee: Node): boolean => callee.type !== 'Identifier' || callee['name'] === FOREIGN

function spreadsOfArguments(node: Node): Node[] {
  const literals = (node['arguments'] as unknown[]).filter(each => isNode(each) && each.type === 'ObjectExpression')
  const properties = literals.flatMap(each => (each as Node)['properties'] as Node[])
  return properties.filter(each => isSpreadOf(each, bag))
}

const isSpreadOf = (node: Node, name: RegExp): boolean =>
  node.type === 'SpreadElement' && name.test(lastName(node['argument']))

/** `c` of `a.b.c`, `b` of `this.#b`. */
function lastName(node: unknown): string {
  if (!isNode(node)) return ''
  if (node.type === 'MemberExpression') return lastName(node['property'])
  return typeof node['name'] === 'string' ? node['name'] : ''
}
