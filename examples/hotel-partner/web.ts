import type { IncomingMessage, ServerResponse } from 'node:http'
import { openCustomers } from './customers.ts'

const customers = openCustomers()
const count = customers.prepare('SELECT count(*) AS customers, count(password_hash) AS hashed FROM customer')

/** The partner API: how many customers there are, and who answered. */
export default function serve(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ pid: process.pid, ...count.get() }))
}
