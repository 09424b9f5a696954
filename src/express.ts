import { assertNode } from './node-version.ts'
export { expressHandler } from './mount/express.ts'
export type { Mountable } from './mount/mountable.ts'

assertNode()
