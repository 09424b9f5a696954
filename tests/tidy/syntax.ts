import { parseAst } from 'vitest/node'
import type { Source } from './sources.ts'

/** A node of the syntax tree (ESTree with TypeScript's own). */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [property: string]: unknown
}

const trees = new WeakMap<Source, Node[]>()

/** Every node of a file, parents before their children. */
export function nodesOf(source: Source): readonly Node[] {
  let nodes = trees.get(source)
  if (nodes === undefined) {
    nodes = []
    const lang = source.path.endsWith('.ts') ? 'ts' : 'js'
    collect(parseAst(source.text, { lang }, source.path), nodes)
    trees.set(source, nodes)
  }
  return nodes
}

function collect(value: unknown, into: Node[]): void {
  if (Array.isArray(value)) for (const each of value) collect(each, into)
  if (!isNode(value)) return
  into.push(value)
  for (const child of Object.values(value)) if (typeof child === 'object') collect(child, into)
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

export function isNamed(value: unknown, ...names: readonly string[]): boolean {
  return isNode(value) && value.type === 'Identifier' && names.includes(String(value['name']))
}

/** Whether the node is `object.property`, for any of the properties. */
export function isMember(node: Node, object: string, ...properties: readonly string[]): boolean {
  return node.type === 'MemberExpression' && isNamed(node['object'], object) && isNamed(node['property'], ...properties)
}

/** `path:line` of a node, as editors understand it. */
export function locationOf({ path, text }: Source, { start }: Node): string {
  return `${path}:${lineAt(text, start)}`
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
