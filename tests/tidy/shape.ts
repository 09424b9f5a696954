import type { Source } from './sources.ts'
import { isNode, lineAt, type Node, nodesOf, locationOf } from './syntax.ts'

export const MAX_LINES_OF_A_FILE = 300
export const MAX_LINES_OF_A_FUNCTION = 70
/** Three are wanted, then an options object; four are let through. */
export const MAX_PARAMETERS = 4

export const linesOf = ({ text }: Source): number => text.replace(/\n$/, '').split('\n').length

export function longFiles(sources: readonly Source[]): string[] {
  return sources
    .filter(source => linesOf(source) > MAX_LINES_OF_A_FILE)
    .map(source => `${source.path}: ${linesOf(source)} lines`)
}

const isFunction = (node: Node): boolean => /^(FunctionDeclaration|FunctionExpression|ArrowFunction)/.test(node.type)

const linesOfNode = ({ text }: Source, { start, end }: Node): number => lineAt(text, end) - lineAt(text, start) + 1

function functionsOf(source: Source): Node[] {
  const chapters = new Set(nodesOf(source).flatMap(chapterOf))
  return nodesOf(source).filter(node => isFunction(node) && !chapters.has(node))
}

/** How many lines each function has. */
export const functionLines = (source: Source): { readonly lines: number; readonly isArrow: boolean }[] =>
  functionsOf(source).map(node => ({ lines: linesOfNode(source, node), isArrow: node.type.startsWith('Arrow') }))

export function longFunctions(source: Source): string[] {
  return functionsOf(source)
    .filter(node => linesOfNode(source, node) > MAX_LINES_OF_A_FUNCTION)
    .map(node => `${locationOf(source, node)}: a function of ${linesOfNode(source, node)} lines`)
}

// What `describe` is given is a chapter of tests; each test in it is a function of its own.
function chapterOf(node: Node): unknown[] {
  if (node.type !== 'CallExpression') return []
  let callee = node['callee']
  while (isNode(callee) && callee.type !== 'Identifier') callee = callee['object'] ?? callee['callee']
  const isDescribe = isNode(callee) && callee['name'] === 'describe'
  return isDescribe ? (node['arguments'] as unknown[]).slice(-1) : []
}

export function manyParameters(source: Source): string[] {
  return nodesOf(source)
    .filter(node => isFunction(node) && (node['params'] as unknown[]).length > MAX_PARAMETERS)
    .map(node => `${locationOf(source, node)}: ${(node['params'] as unknown[]).length} parameters`)
}
