import { assertNode } from './node-version.ts'
export { fastifyPlugin } from './mount/fastify.ts'
export type { Mountable } from './mount/mountable.ts'

assertNode()
