import { connect, type Socket } from 'node:net'
import { setTimeout as pass } from 'node:timers/promises'

/**
 * What a guest asks for: a connection that is upgraded, a response that never ends, one that is kept alive and idle.
 */
const requests = {
  upgrade: (host: string) =>
    `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: Y2hhb3M=\r\n\r\n`,
  stream: (host: string) => `GET /stream HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  idle: (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive\r\n\r\n`
}
const PER_KIND = 4
const OPENED_WITHIN_MS = 2_000

/** Opens connections to every address that stay until the server ends them, or this is called off. */
export async function holdConnections(urls: readonly string[]): Promise<() => void> {
  const sockets = new Set<Socket>()
  const opened = [...new Set(urls)].flatMap(url =>
    Object.values(requests).flatMap(request =>
      Array.from({ length: PER_KIND }, () => open(new URL(url), request, sockets))
    )
  )
  await Promise.race([Promise.all(opened), pass(OPENED_WITHIN_MS)])
  return () => {
    for (const socket of sockets) socket.destroy()
  }
}

/** Resolves with the first bytes of the response, or with its end. */
function open({ hostname, port, host }: URL, request: (host: string) => string, sockets: Set<Socket>): Promise<void> {
  const socket = connect(Number(port), hostname, () => socket.write(request(host)))
  sockets.add(socket)
  return new Promise(resolve => {
    socket.once('data', () => resolve())
    socket.on('close', () => {
      sockets.delete(socket)
      resolve()
    })
    // The server may be away, or end it as it likes.
    socket.on('error', () => undefined)
    socket.resume()
  })
}
