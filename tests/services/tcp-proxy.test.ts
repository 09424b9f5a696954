import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { TcpProxy } from './tcp-proxy.ts'

interface Ends {
  readonly proxy: TcpProxy
  readonly client: Socket
  /** The server's end of the client's connection. */
  readonly served: Socket
}

const opened: Socket[] = []
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy()
})

/** A client that is connected through the proxy to a server. */
async function connected(): Promise<Ends> {
  const server = createServer({ allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy = await TcpProxy.start((server.address() as AddressInfo).port)
  onTestFinished(async () => {
    await proxy.stop()
    server.close()
  })
  const accepted = once(server, 'connection')
  const client = connect({ port: proxy.port, host: '127.0.0.1' })
  const [served] = (await accepted) as [Socket]
  for (const socket of [client, served]) {
    socket.on('error', () => undefined)
    opened.push(socket)
  }
  return { proxy, client, served }
}

const dataOn = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0])

describe('a proxy', () => {
  test('passes both ways, and the end', async () => {
    const { client, served, proxy } = await connected()
    client.write('question')
    expect(await dataOn(served)).toBe('question')
    served.write('answer')
    expect(await dataOn(client)).toBe('answer')
    expect(proxy.connections).toBe(1)
    const ended = once(served, 'end')
    client.end()
    await ended
  })

  test('delays', async () => {
    const { client, served, proxy } = await connected()
    proxy.delay(80)
    const askedAt = performance.now()
    client.write('question')
    expect(await dataOn(served)).toBe('question')
    expect(performance.now() - askedAt).toBeGreaterThanOrEqual(75)
  })

  test('falls silent without a word, and delivers what was held up', async () => {
    const { client, served, proxy } = await connected()
    proxy.blackhole()
    let heard = ''
    served.on('data', chunk => (heard += String(chunk)))
    client.write('lost?')
    const late = connect({ port: proxy.port, host: '127.0.0.1' })
    opened.push(late)
    await once(late, 'connect')
    // Another way round the silence tells when what was written would long have come.
    const beside = await connected()
    beside.client.write('beside')
    await dataOn(beside.served)
    expect({ heard, isOpen: client.readyState }).toEqual({ heard: '', isOpen: 'open' })
    proxy.pass()
    await once(served, 'data')
    expect(heard).toBe('lost?')
  })

  test('hides the end of a connection while it is silent', async () => {
    const { client, served, proxy } = await connected()
    proxy.blackhole()
    client.destroy()
    const beside = await connected()
    beside.client.write('beside')
    await dataOn(beside.served)
    expect(served.readyState).toBe('open')
    const ended = once(served, 'end')
    proxy.pass()
    served.resume()
    await ended
  })

  test('resets at both ends', async () => {
    const { client, served, proxy } = await connected()
    const errors = Promise.all([once(client, 'error'), once(served, 'error')])
    proxy.reset()
    const codes = (await errors).map(([error]) => (error as NodeJS.ErrnoException).code)
    expect(codes).toEqual(['ECONNRESET', 'ECONNRESET'])
  })

  test('loses the answer to what the server has done', async () => {
    const { client, served, proxy } = await connected()
    let answered = ''
    client.on('data', chunk => (answered += String(chunk)))
    served.on('data', chunk => served.write(`did ${String(chunk)}`))
    proxy.cutAnswersTo(chunk => chunk.includes('COMMIT'))
    client.write('BEGIN')
    await expect.poll(() => answered).toBe('did BEGIN')
    const reset = once(client, 'error')
    client.write('COMMIT')
    const [error] = (await reset) as [NodeJS.ErrnoException]
    expect({ code: error.code, answered, cuts: proxy.cuts }).toEqual({
      code: 'ECONNRESET',
      answered: 'did BEGIN',
      cuts: 1
    })
  })
})
