import type { Command } from 'commander'
import { systemClock } from '../../clock/system.ts'
import { type DatabaseAddress, kindOf } from '../../stores/store-kinds.ts'
import type { OlderNodesWatch } from '../../store/kind.ts'
import { wholeNumberArgument } from '../arguments.ts'
import { assertShared, databaseUrl } from './books.ts'
import { addCommand, type Invocation, option, type Ran } from '../command.ts'
import { loadConfig } from '../config-file.ts'
import { type ExitStatus, WrongUse } from '../failures.ts'
import { isoOrNull, type Output, textTable } from '../output.ts'

interface MigrateOptions {
  readonly dryRun?: boolean
  readonly sql?: boolean
  readonly after?: number
}

export function addMigrate(program: Command, ran: Ran): void {
  addCommand<MigrateOptions>(program, ran, {
    usage: 'migrate',
    description: "bring the database to this release's schema, creating it if there is none; list the migrations",
    examples: [
      'escapement migrate --database sqlite:app.db',
      'escapement migrate --dry-run',
      'escapement migrate --sql --database postgres://db/app | psql "$OWNER_URL"'
    ],
    options: [
      option('--dry-run', 'only list the migrations; exit status 1 if any is pending'),
      option('--sql', 'only print the statements for PostgreSQL, as one transaction; connects to nothing'),
      option(
        '--after <n>',
        'with --sql: only the migrations after this number (default: all), and the functions',
        wholeNumberArgument(0, 10_000)
      )
    ],
    run: migrate
  })
}

async function migrate({ options, output }: Invocation<MigrateOptions>): Promise<ExitStatus> {
  const { database, lease } = (await loadConfig(options)).settings
  assertShared(database)
  if (options.sql === true) return printSql(database, options, output)
  if (options.after !== undefined)
    throw new WrongUse('--after needs --sql: without it, the database itself says what is pending.')
  const dryRun = options.dryRun === true
  const kind = kindOf(database)
  const before = (await kind.inspect?.(database, systemClock)) ?? []
  const onOlderNodes = ({ nodes, forMs }: OlderNodesWatch): void =>
    output.notice(
      `waits up to ${forMs / 1_000} s for nodes of an earlier release that may be dead: ${nodes.join(', ')}`
    )
  const asked = { clock: systemClock, leaseTtlMs: lease.ttlMs, onOlderNodes }
  const migrations = dryRun ? before : ((await kind.migrate?.(database, asked)) ?? [])
  const pending = before.filter(({ appliedAt }) => appliedAt === undefined).map(({ number }) => number)
  const answer = {
    database: databaseUrl(database),
    dryRun,
    applied: dryRun ? [] : pending,
    pending: dryRun ? pending : [],
    migrations: migrations.map(({ number, name, appliedAt }) => ({
      number,
      name,
      appliedAt: isoOrNull(appliedAt?.getTime())
    }))
  }
  output.answer(answer, () => {
    const rows = answer.migrations.map(({ number, name, appliedAt }) => [number, name, appliedAt ?? 'pending'])
    return `${textTable(['number', 'name', 'applied'], rows, '')}\n${verdict(pending, dryRun)}`
  })
  return answer.pending.length > 0 ? 1 : 0
}

async function printSql(database: DatabaseAddress, { after }: MigrateOptions, output: Output): Promise<ExitStatus> {
  const sql = await kindOf(database).migrationSql?.(database, after)
  if (sql === undefined)
    throw new WrongUse('--sql is for books in PostgreSQL; name a database with --database postgres://…')
  output.answer({ ...('schema' in database && { schema: database.schema }), sql }, () => sql.trimEnd())
  return 0
}

/** Number 0 stands for the functions of the books, which are replaced and not migrated. */
function verdict(pending: readonly number[], dryRun: boolean): string {
  if (pending.length === 0) return 'The database is up to date.'
  const count = pending.filter(number => number > 0).length
  if (count === 0) return dryRun ? 'The functions are pending.' : 'The functions were replaced.'
  const migrations = count === 1 ? '1 migration' : `${count} migrations`
  return dryRun ? `${migrations} pending.` : `${migrations} applied.`
}
