import type { IncomingMessage, ServerResponse } from 'node:http'
import { Centre } from './centre.ts'
import { jobs } from './jobs.ts'

const centre = new Centre()

/** What each job found last. `/health` and `/metrics` are left to Escapement. */
export default function serve(request: IncomingMessage, response: ServerResponse): void {
  if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/') {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is only one page.\n')
    return
  }
  const lines = jobs.map(({ name, cron, limit }) => {
    const latest = centre.latest(name)
    const found = latest === undefined ? 'not yet' : `${latest.value} (${latest.fireAt})`
    return `${name.padEnd(16)} ${cron.padEnd(16)} at most ${limit.padEnd(5)} ${found}`
  })
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(`${lines.join('\n')}\n`)
}
