import { isUnder, type Source } from '../../tests/tidy/sources.ts'
import { linesOf } from '../../tests/tidy/shape.ts'
import { isNode, type Node, nodesOf } from '../../tests/tidy/syntax.ts'

export interface Tests {
  readonly files: number
  /** Calls of `test` and `it`: one that is written for several stores or cases counts once. */
  readonly written: number
  readonly lines: number
}

export function testsIn(sources: readonly Source[]): Tests {
  const own = sources.filter(source => isUnder(source, 'tests'))
  const written = own.flatMap(nodesOf).filter(isTest).length
  return {
    files: own.filter(({ path }) => path.endsWith('.test.ts')).length,
    written,
    lines: own.reduce((sum, source) => sum + linesOf(source), 0)
  }
}

/** `test(…)`, `test.each(…)(…)`: what is called with a title in the end. */
function isTest(node: Node): boolean {
  if (node.type !== 'CallExpression' || (node['arguments'] as unknown[]).length < 2) return false
  let callee = node['callee']
  while (isNode(callee) && callee.type !== 'Identifier') callee = callee['object'] ?? callee['callee'] ?? callee['tag']
  return isNode(callee) && (callee['name'] === 'test' || callee['name'] === 'it')
}
