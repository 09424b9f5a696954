import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

const asked = {
  'an upgraded socket': 'GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'a stream': 'GET /stream HTTP/1.1\r\nHost: x\r\n\r\n',
  'a connection that is kept alive': 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
} as const

export type OpenKind = keyof typeof asked
export const openKinds = Object.keys(asked) as OpenKind[]

/** A connection to an app that its client leaves open. Resolves when it was answered; `closed` when the other end ends it. */
export async function openConnection(url: string, kind: OpenKind): Promise<{ closed: Promise<unknown> }> {
  const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  const closed = once(socket, 'close')
  socket.write(asked[kind])
  await once(socket, 'data')
  socket.resume()
  return { closed }
}
