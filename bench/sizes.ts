// `node bench/sizes.ts` (and `postgres` for a server of its own): how many bytes the books take for what they hold. For
// docs/guides/growth.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { createEscapement, type Escapement, every, task } from '../src/index.ts'
import { Servers, withAddresses } from './postgres/servers.ts'

const JOBS = 20_000
const SCHEDULES = 2_000
const FIRES = 20_000
/** As JSON: about 100 bytes. */
const payload = { order: 123_456, customer: 'somebody@example.com', note: 'a text of some length, as payloads are' }

/** The books after space that is free was given back. */
interface Measured {
  /** The bytes of each table with its indexes. */
  readonly sizes: ReadonlyMap<string, number>
  readonly ledgerRows: number
}

interface Books {
  readonly url: string
  readonly measured: () => Promise<Measured>
}

function sqliteBooks(folder: string): Books {
  const file = join(folder, 'books.db')
  const measured = async (): Promise<Measured> => {
    const database = new DatabaseSync(file)
    database.exec('VACUUM')
    const rows = database
      .prepare(
        'SELECT m.tbl_name AS name, sum(s.pgsize) AS bytes FROM dbstat s JOIN sqlite_schema m ON m.name = s.name GROUP BY 1'
      )
      .all() as { name: string; bytes: number }[]
    const { count } = database.prepare('SELECT count(*) AS count FROM escapement_ledger').get() as { count: number }
    database.close()
    const sizes = new Map(rows.map(({ name, bytes }) => [name.replace('escapement_', ''), bytes]))
    return { sizes, ledgerRows: count }
  }
  return { url: `sqlite:${file}`, measured }
}

function postgresBooks(url: string): Books {
  const measured = async (): Promise<Measured> => {
    const client = new Client(url)
    await client.connect()
    await client.query('VACUUM FULL')
    const { rows } = await client.query<{ name: string; bytes: string }>(
      "SELECT relname AS name, pg_total_relation_size(c.oid) AS bytes FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'escapement' AND relkind = 'r'"
    )
    const counted = await client.query<{ count: string }>('SELECT count(*) FROM escapement.ledger')
    await client.end()
    const sizes = new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]))
    return { sizes, ledgerRows: Number(counted.rows[0]?.count) }
  }
  return { url, measured }
}

const load = task<typeof payload>('load', { handler: () => 'done' })
const tick = task('tick', { handler: () => 'done' })

/** An app on the books while `use` runs. */
async function withApp<T>({ url }: Books, use: (app: Escapement) => Promise<T>): Promise<T> {
  const app = createEscapement({ name: 'sizes', database: url, tasks: [load, tick], logger: false })
  try {
    return await use(app)
  } finally {
    await app.stop()
  }
}

/** Resolves after this many events. */
const counted = (app: Escapement, name: 'job.completed' | 'schedule.decided', wanted: number): Promise<void> =>
  new Promise(resolve => {
    let seen = 0
    app.on(name, facts => {
      seen += 'rows' in facts ? facts.rows.length : 1
      if (seen >= wanted) resolve()
    })
  })

const total = ({ sizes }: Measured): number => [...sizes.values()].reduce((sum, each) => sum + each, 0)
const audit = ({ sizes }: Measured): number => sizes.get('audit') ?? 0
const withoutAudit = (measured: Measured): number => total(measured) - audit(measured)

/** A person has cancelled as many jobs as there are schedules. */
async function cancelled(books: Books): Promise<Measured> {
  await withApp(books, async app => {
    await app.enqueueMany(
      load,
      Array.from({ length: SCHEDULES }, () => payload),
      { delay: '1h' }
    )
    const by = {
      actor: 'anna',
      role: 'operator',
      via: 'page',
      address: '192.0.2.17',
      reason: 'wrong customer'
    } as const
    await app.jobs.cancelMany({ task: 'load' }, { by, limit: 100_000 })
  })
  return books.measured()
}

async function measure(name: string, books: Books): Promise<void> {
  await withApp(books, app => app.jobs.list())
  const empty = await books.measured()
  await withApp(books, async app => {
    const done = counted(app, 'job.completed', JOBS)
    await app.enqueueMany(
      load,
      Array.from({ length: JOBS }, () => payload)
    )
    await app.start({ roles: ['worker'] })
    await done
  })
  const withJobs = await books.measured()
  await withApp(books, app =>
    app.schedules.putMany(
      Array.from({ length: SCHEDULES }, (_, at) => ({ id: `customer-${at}`, task: tick, trigger: every('1s') }))
    )
  )
  const withSchedules = await books.measured()
  await withApp(books, async app => {
    const decided = counted(app, 'schedule.decided', FIRES)
    await app.start({ roles: ['scheduler'] })
    await decided
  })
  const withLedger = await books.measured()
  const withAudit = await cancelled(books)
  const ledger = (withLedger.sizes.get('ledger') ?? 0) - (withSchedules.sizes.get('ledger') ?? 0)
  console.log(`${name}: empty ${total(empty)} bytes`)
  console.log(`  a completed job: ${(total(withJobs) - total(empty)) / JOBS} bytes`)
  console.log(`  a schedule: ${(withoutAudit(withSchedules) - withoutAudit(withJobs)) / SCHEDULES} bytes`)
  console.log(`  a row of the ledger: ${ledger / withLedger.ledgerRows} bytes (${withLedger.ledgerRows} rows)`)
  console.log(`  an entry about a put: ${(audit(withSchedules) - audit(withJobs)) / SCHEDULES} bytes`)
  console.log(`  an entry about a cancelled job: ${(audit(withAudit) - audit(withLedger)) / SCHEDULES} bytes`)
  console.log(`  tables: ${JSON.stringify(Object.fromEntries(withLedger.sizes))}`)
}

if (process.argv[2] === 'postgres') {
  const servers = new Servers()
  try {
    await withAddresses(await servers.start(), ({ postgres }) => measure('PostgreSQL', postgresBooks(postgres)))
  } finally {
    await servers.end()
  }
} else {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-sizes-'))
  try {
    await measure('SQLite', sqliteBooks(folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
