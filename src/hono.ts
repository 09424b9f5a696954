import { assertNode } from './node-version.ts'
export { honoMiddleware } from './mount/hono.ts'
export type { Mountable } from './mount/mountable.ts'

assertNode()
