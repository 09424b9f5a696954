import type { NodeHandler } from '../http/node-handler.ts'

/** What of an Escapement a framework needs. */
export interface Mountable {
  readonly fetch: (request: Request) => Promise<Response>
  readonly handler: NodeHandler
  stop(): Promise<void>
}
