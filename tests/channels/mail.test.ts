import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import { mail } from '../../src/channels/mail.ts'
import { viewOfNotice } from '../../src/core/alerts/channel.ts'

const notice = viewOfNotice({
  id: '7.0.mail',
  kind: 'opened',
  rule: 'failed',
  isCritical: false,
  madeAt: 0,
  title: 'failed invoices',
  text: 'invoices: its last job failed for good.',
  incidents: [],
  more: 0
})
const sending = () => ({ idempotencyKey: 'books/7.0.mail', signal: new AbortController().signal })
const addresses = { from: 'escapement@example.org', to: ['ann@example.org', 'bob@example.org'] }

interface Received {
  readonly to: readonly string[]
  readonly message: string
}

async function mailServer(refuses = false): Promise<{ smtp: string; received: Received[] }> {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, { envelope }, callback) => {
      let message = ''
      stream.on('data', (part: Buffer) => (message += part.toString()))
      stream.on('end', () => {
        received.push({ to: envelope.rcptTo.map(({ address }) => address), message })
        callback(refuses ? new Error('the mailbox is full') : undefined)
      })
    }
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  onTestFinished(
    () =>
      new Promise<void>(resolve => {
        server.close(resolve)
      })
  )
  return { smtp: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`, received }
}

test('a notice is a mail to all who are told, with one id for all tries', async () => {
  const { smtp, received } = await mailServer()
  const channel = mail({ smtp, ...addresses })
  await channel.send(notice, sending())
  await channel.send(notice, sending())
  expect(received.map(({ to }) => to)).toEqual([addresses.to, addresses.to])
  expect(received[0]?.message).toContain('Subject: [escapement] failed invoices')
  expect(received[0]?.message).toContain('invoices: its last job failed for good.')
  const ids = received.map(({ message }) => /^Message-ID: (<.*>)/im.exec(message)?.[1])
  expect(ids[0]).toMatch(/^<[0-9a-f]{32}@escapement>$/)
  expect(ids[1]).toBe(ids[0])
})

test('a mail that is refused is a failure', async () => {
  const { smtp } = await mailServer(true)
  await expect(mail({ smtp, ...addresses }).send(notice, sending())).rejects.toThrow('the mailbox is full')
})

test('a server that says nothing is left after 5 s', async () => {
  const connected = Promise.withResolvers<void>()
  const server = createServer(() => connected.resolve()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const smtp = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sent = Promise.resolve(mail({ smtp, ...addresses }).send(notice, sending()))
  await connected.promise
  await expect(sent).rejects.toThrow()
})

test.each([
  [{ smtp: 'http://ann:password@example.org', ...addresses }, 'smtp'],
  [{ ...addresses }, 'smtp'],
  [{ smtp: 'smtp://example.org', from: 'nobody', to: 'ann@example.org' }, 'from'],
  [{ smtp: 'smtp://example.org', from: 'a@example.org', to: [] }, 'to'],
  [{ smtp: 'smtp://example.org', from: 'a@example.org' }, 'to'],
  [{ smtp: 'smtp://example.org', ...addresses, cc: 'bob@example.org' }, 'cc']
])('%o is refused, without repeating a password', (options, what) => {
  const make = () => mail(options as never)
  expect(make).toThrow(what)
  expect(make).not.toThrow(/ann:password/)
})
