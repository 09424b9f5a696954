import type { IncomingMessage, ServerResponse } from 'node:http'

/** Says which process answers; what it is asked to fail at it does. */
export default function page(request: IncomingMessage, response: ServerResponse): void {
  if (request.url?.startsWith('/fails')) throw new Error('The page is broken.')
  response.end(`${process.title} ${process.pid}\n`)
}
