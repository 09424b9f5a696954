import type { Source } from './sources.ts'
import { isMember, isNamed, type Node, nodesOf, locationOf } from './syntax.ts'

const timers = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']
const others = ['performance', 'randomUUID', 'randomBytes', 'randomInt', 'getRandomValues']

/** Where a file reads a clock, sets a timer or draws a random number. `new Date(instant)` is arithmetic and may be. */
export function clocksAndChance(source: Source): string[] {
  return nodesOf(source)
    .filter(isClockOrChance)
    .map(node => `${locationOf(source, node)}: ${source.text.slice(node.start, node.end)}`)
}

function isClockOrChance(node: Node): boolean {
  if (isMember(node, 'Date', 'now') || isMember(node, 'Math', 'random') || isMember(node, 'Temporal', 'Now'))
    return true
  if (isMember(node, 'process', 'hrtime', 'uptime', 'nextTick')) return true
  if (node.type === 'CallExpression' && isNamed(node['callee'], 'Date')) return true
  if (node.type === 'NewExpression' && isNamed(node['callee'], 'Date')) return isEmpty(node['arguments'])
  return isNamed(node, ...timers, ...others)
}

const isEmpty = (list: unknown): boolean => Array.isArray(list) && list.length === 0
