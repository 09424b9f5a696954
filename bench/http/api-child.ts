// A process that serves the management API and, at /, a page of an app that does next to nothing.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEscapement } from '../../src/index.ts'

const escapement = createEscapement({ database: process.argv[2]!, roles: ['web'], logger: false })
process.on('disconnect', () => process.exit())
const server = createServer((request, response) => {
  if (request.url === '/') response.end('here')
  else escapement.handler(request, response)
})
process.on('message', () => process.send?.((server.address() as AddressInfo).port))
server.listen(0, '127.0.0.1', () => process.send?.('ready'))
