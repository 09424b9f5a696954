import { assertNode } from './node-version.ts'
export { koaMiddleware } from './mount/koa.ts'
export type { Mountable } from './mount/mountable.ts'

assertNode()
