import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import { callerOn, freshFolder } from './books-of-test.ts'
import { LinesProcess } from './lines-process.ts'

const main = '../../dist/cli/main.js'
const config = join(import.meta.dirname, '../../examples/hotel-partner/escapement.config.ts')

/** A mail server of our own on loopback, which notes the Message-ID of each mail. */
class MailServer {
  readonly ids: string[] = []
  readonly #server: SMTPServer
  #waiters: (() => void)[] = []

  constructor() {
    this.#server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData: (stream, _session, accepted) => {
        let text = ''
        stream.setEncoding('utf8').on('data', (piece: string) => (text += piece))
        stream.on('end', () => {
          this.ids.push(/^Message-ID: <(.+)>\r?$/im.exec(text)?.[1] ?? `none in ${text}`)
          accepted()
          for (const wake of this.#waiters.splice(0)) wake()
        })
      }
    })
  }

  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise(resolve => this.#server.close(() => resolve())))
    const address = this.#server.server.address() as { port: number }
    return `smtp://127.0.0.1:${address.port}`
  }

  /** Resolves when so many periods have their mail. */
  async periods(count: number): Promise<void> {
    while (new Set(this.ids).size < count) await new Promise<void>(resolve => this.#waiters.push(resolve))
  }
}

const pidIn = (line: string): number => Number(/pid"?[=:](\d+)/.exec(line)?.[1])

test('four workers: one is primary, another takes over when it is killed, and every period has its report', async () => {
  const mail = new MailServer()
  const folder = freshFolder()
  const file = join(folder, 'books.db')
  const app = new LinesProcess(main, ['start', '--config', config, '--web', '4', '--port', '0'], {
    DATABASE_URL: `sqlite:${file}`,
    CUSTOMERS_FILE: join(folder, 'customers.db'),
    ESCAPEMENT_RUN_DIR: join(folder, 'run'),
    SMTP_URL: await mail.listen(),
    REPORT_EVERY: '1s',
    LEASE_TTL: '3s'
  })
  const starting: number[] = []
  for (let workers = 0; workers < 4; workers++) starting.push(pidIn(await app.line(/primary=false$/)))
  const first = pidIn(await app.line(/primary=true/))
  expect(starting).toContain(first)
  await app.line(new RegExp(`pid=${first} hashed 3 customers`))
  await mail.periods(3)
  expect(app.output().match(/primary=true/g)).toHaveLength(1)
  process.kill(first, 'SIGKILL')
  const second = pidIn(await app.line(/primary=true.* term 2/))
  expect(second).not.toBe(first)
  expect(starting).toContain(second)
  await mail.periods(12)
  expect(await app.ended('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(app.output().match(/hashed \d+ customers/g)).toHaveLength(1)
  await assertEveryPeriod(file, mail)
})

/** The ledger has every period, from the first on; each was mailed, more than once only what a killed worker had begun. */
async function assertEveryPeriod(file: string, mail: MailServer): Promise<void> {
  const store = await callerOn(file).store()
  const rows = (await store.latestLedger('report', 100)).toReversed()
  expect(rows.map(({ outcome }) => outcome)).toEqual(rows.map(() => 'fired'))
  expect(rows.map(({ fireAt }) => fireAt)).toEqual(rows.map((_, index) => rows[0]!.fireAt + index * 1_000))
  for (const { fireAt, jobId } of rows) {
    const { state, rescues } = (await store.readJob(jobId!))!
    const copies = mail.ids.filter(id => id === messageId(fireAt)).length
    expect(copies).toBeLessThanOrEqual(1 + rescues)
    // What fired as everything ended is still to be mailed, by whoever is started next.
    if (state === 'completed') expect(copies).toBeGreaterThanOrEqual(1)
    else expect(fireAt).toBeGreaterThanOrEqual(rows.at(-1)!.fireAt - 1_000)
  }
  const known = new Set(rows.map(({ fireAt }) => messageId(fireAt)))
  expect(mail.ids.filter(id => !known.has(id))).toEqual([])
}

const messageId = (fireAt: number): string => `report-${new Date(fireAt).toISOString()}@hotel.example`
