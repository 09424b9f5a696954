import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { systemClock } from '../../clock/system.ts'
import { auditEntryOf, stampOf } from '../../core/access/by.ts'
import { importedJob } from '../../core/job/imported-job.ts'
import { newId } from '../../new-id.ts'
import type { BooksPart } from '../../store/moving.ts'
import type { Store } from '../../store/store.ts'
import { assertShared } from './books.ts'
import { reasonOption, type ReasonOptions, whoRuns } from '../who.ts'
import { addCommand, type Invocation, option, type Ran } from '../command.ts'
import { loadConfig } from '../config-file.ts'
import { type Counts, countsInWords } from './export.ts'
import { exportedKinds, partsOf } from './export-format.ts'
import { type ExitStatus, WrongUse } from '../failures.ts'

interface ImportOptions extends ReasonOptions {
  readonly file?: string
}

export function addImport(program: Command, ran: Ran): void {
  addCommand<ImportOptions>(program, ran, {
    usage: 'import',
    description: 'import what "escapement export" wrote into empty books; repeat it to continue after an interruption',
    examples: ['escapement import --database postgres://app@db.example.com/app --file books.jsonl'],
    options: [option('--file <path>', 'the export (default: standard input)'), reasonOption],
    run: importBooks
  })
}

async function importBooks({ options, output }: Invocation<ImportOptions>): Promise<ExitStatus> {
  const { settings } = await loadConfig(options)
  assertShared(settings.database)
  const { openStore } = await import('../../app/open-store.ts')
  const store = await openStore(settings, { clock: systemClock })
  try {
    const counts = await takeIn(store, options)
    output.answer({ imported: counts }, () => `Imported ${countsInWords(counts)}.`)
    return 0
  } finally {
    await store.close()
  }
}

async function takeIn(store: Store, options: ImportOptions): Promise<Counts> {
  const { file } = options
  const counts: Counts = {}
  const input = file === undefined ? process.stdin : createReadStream(file)
  const now = await store.now()
  for await (const part of partsOf(linesOf(input))) {
    const audited = part.number === 0 ? withEntry(part, now, options) : part
    if ((await store.importPart(withoutRunning(audited, now))) === 'not-empty')
      throw new WrongUse('These books are not empty, and do not come from this export; name new ones with --database.')
    for (const kind of exportedKinds) counts[kind] = (counts[kind] ?? 0) + (part.records[kind]?.length ?? 0)
  }
  return counts
}

async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  try {
    yield* createInterface({ input, crlfDelay: Infinity })
  } catch (error) {
    throw new WrongUse(`The export could not be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

/** Who imports is written with the first part, and so once. */
function withEntry(part: BooksPart, at: number, options: ImportOptions): BooksPart {
  const about = { action: 'books.import', targetId: part.records.books?.[0]?.id ?? part.exportId } as const
  const entry = auditEntryOf(stampOf(whoRuns(options)), { ...about, id: newId(), after: { exportId: part.exportId } })
  return { ...part, records: { ...part.records, audit: [...(part.records.audit ?? []), { ...entry, at }] } }
}

const withoutRunning = ({ records, ...part }: BooksPart, now: number): BooksPart =>
  records.job === undefined
    ? { ...part, records }
    : { ...part, records: { ...records, job: records.job.map(job => importedJob(job, now)) } }
