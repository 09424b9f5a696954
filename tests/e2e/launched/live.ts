import { createServer } from 'node:http'
import page from './page.ts'

/** Serves the page, a stream that never ends, and sockets for which HTTP is over. It says when it is told to end. */
const server = createServer((request, response) => {
  if (request.url !== '/stream') return page(request, response)
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${process.pid}\n\n`)
})
server.on('upgrade', (_request, socket) => {
  socket.on('error', () => undefined)
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\npid ${process.pid}\n`
  )
})
server.listen(Number(process.env['PORT']), process.env['HOST'])
process.on('SIGTERM', () => console.log('the app is told to end'))
