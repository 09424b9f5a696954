import { assertNode } from './assert-node.ts'
export { honoMiddleware } from './mount/hono.ts'
export type { Mountable } from './mount/mountable.ts'

assertNode()
