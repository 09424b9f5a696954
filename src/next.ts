import { assertNode } from './node-version.ts'
export { nextRoute, startInNext } from './mount/next.ts'
export type { StartOptions } from './app/doors.ts'
export type { Mountable } from './mount/mountable.ts'

assertNode()
