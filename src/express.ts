import { assertNode } from './assert-node.ts'
export { expressHandler } from './mount/express.ts'
export type { Mountable } from './mount/mountable.ts'

assertNode()
