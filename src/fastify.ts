import { assertNode } from './assert-node.ts'
export { fastifyPlugin } from './mount/fastify.ts'
export type { Mountable } from './mount/mountable.ts'

assertNode()
