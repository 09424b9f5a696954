import type { IncomingMessage, ServerResponse } from 'node:http'

/** Says which process answers. */
export default function page(_request: IncomingMessage, response: ServerResponse): void {
  response.end(`${process.title} ${process.pid}\n`)
}
