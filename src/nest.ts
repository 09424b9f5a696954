import { assertNode } from './node-version.ts'
export { Escapement } from './app/escapement.ts'
export { handledBy, type HandlerClass } from './mount/handled-by.ts'
export { EscapementModule, type NestAsyncOptions, type NestModule, type NestOptions } from './mount/nest.ts'

assertNode()
