import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { systemClock } from '../clock/system.ts'
import { inspectSqliteFile, type MigrationState, migrateSqliteFile } from '../sqlite.ts'
import { assertInFile, databaseUrl } from './books.ts'
import { addCommand, type Invocation, option, type Ran } from './command.ts'
import { loadConfig } from './config-file.ts'
import type { ExitStatus } from './failures.ts'
import { isoOrNull, table } from './output.ts'

interface MigrateOptions {
  readonly dryRun?: boolean
}

export function addMigrate(program: Command, ran: Ran): void {
  addCommand<MigrateOptions>(program, ran, {
    usage: 'migrate',
    description: "bring the database up to this release's schema, making it if there is none; list the migrations",
    examples: ['escapement migrate --database sqlite:app.db', 'escapement migrate --dry-run'],
    options: [option('--dry-run', 'only list; exit status 1 when some are pending')],
    run: migrate
  })
}

async function migrate({ options, output }: Invocation<MigrateOptions>): Promise<ExitStatus> {
  const { database } = (await loadConfig(options)).settings
  assertInFile(database)
  const dryRun = options.dryRun === true
  const before = await inspect(database.file)
  const migrations = dryRun ? before : await migrateSqliteFile({ file: database.file, clock: systemClock })
  const pending = before.filter(({ appliedAt }) => appliedAt === undefined).map(({ number }) => number)
  const answer = {
    database: databaseUrl(database),
    dryRun,
    applied: dryRun ? [] : pending,
    pending: dryRun ? pending : [],
    migrations: migrations.map(({ number, name, appliedAt }) => ({ number, name, appliedAt: isoOrNull(appliedAt) }))
  }
  output.answer(answer, () => {
    const rows = answer.migrations.map(({ number, name, appliedAt }) => [number, name, appliedAt ?? 'pending'])
    return `${table(['number', 'name', 'applied'], rows, '')}\n${verdict(pending.length, dryRun)}`
  })
  return answer.pending.length > 0 ? 1 : 0
}

/** A dry run makes no file: without one every migration is pending. */
async function inspect(file: string): Promise<readonly MigrationState[]> {
  return inspectSqliteFile({ file: existsSync(file) ? file : ':memory:', clock: systemClock })
}

function verdict(count: number, dryRun: boolean): string {
  if (count === 0) return 'The database is up to date.'
  const migrations = count === 1 ? '1 migration' : `${count} migrations`
  return dryRun ? `${migrations} pending.` : `${migrations} applied.`
}
