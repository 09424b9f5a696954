import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEscapement, task } from '../../src/index.ts'

/** An app of few lines that lets signals end it: `node signals-process.ts <file> <shutdownGrace>`. */
const [, , file, shutdownGrace = '10s'] = process.argv
const say = (line: string): void => console.log(line)

/** Runs until its signal is aborted. */
const listens = task('listens', {
  handler: async ({ signal }) => {
    say('listens: began')
    if (!signal.aborted) await once(signal, 'abort')
    throw signal.reason
  }
})
/** Ignores its signal. */
const isDeaf = task('is-deaf', {
  handler: () => {
    say('is-deaf: began')
    return new Promise<never>(() => undefined)
  }
})

// A lease that outlives every test: what another process takes over was given back.
const escapement = createEscapement({
  database: `sqlite:${file}`,
  tasks: [listens, isDeaf],
  shutdownGrace,
  abortGrace: '300ms',
  lease: { ttl: '1h' },
  logger: false
})
process.on('SIGTERM', () => say("the app's own listener"))
escapement.on('node.retired', () => say('retired'))
escapement.on('node.stopped', () => say('stopped'))

// It listens before: servers are found from their first connection on.
const server = createServer((request, response) => {
  if (request.url === '/slow') {
    say('slow: asked')
    process.once('SIGUSR2', () => response.end('slow'))
  } else response.end('fast')
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
await escapement.start({ signals: true })
await escapement.start({ signals: true })
say(`listens at ${(server.address() as AddressInfo).port}`)
