import { allPages } from '../../store/pages/all-pages.ts'
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import type { Store } from '../../store/store.ts'
import { withBooks } from './books.ts'
import { readRedactions } from '../../views/redactions.ts'
import { addCommand, type Invocation, option, type Ran } from '../command.ts'
import { RedactedExport } from './redacted-export.ts'
import { endLine, exportedKinds, headLine, recordLine } from './export-format.ts'
import { type ExitStatus, WrongUse } from '../failures.ts'
import { iso } from '../output.ts'
import { isAlive } from '../../store/nodes.ts'

interface ExportOptions {
  readonly file?: string
}

/** Records read at once: a few hundred megabytes with the largest payloads. */
const PAGE = 200
/** A node that renewed its lease within this time counts as running. */
const STILL_FOR_MS = 30_000

export function addExport(program: Command, ran: Ran): void {
  addCommand<ExportOptions>(program, ran, {
    usage: 'export',
    description:
      'write the books as lines of JSON, for "escapement import" elsewhere; stop the app first. Finished jobs are without what "redact" of their tasks names',
    examples: ['escapement export --database sqlite:app.db --file books.jsonl'],
    options: [option('--file <path>', 'a new file to write (default: standard output)')],
    run: ({ options, output }) => withBooks(options, store => exportBooks(store, { options, output }))
  })
}

async function exportBooks(
  store: Store,
  { options, output }: Pick<Invocation<ExportOptions>, 'options' | 'output'>
): Promise<ExitStatus> {
  await assertStill(store)
  const counts: Counts = {}
  const lines = Readable.from(linesOf(store, counts))
  if (options.file === undefined) {
    await pipeline(lines, process.stdout, { end: false })
    return 0
  }
  await pipeline(lines, createWriteStream(options.file, { flags: 'wx' })).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new WrongUse(`${options.file} exists already.`) : error
  })
  output.answer({ file: options.file, exported: counts }, () => `${options.file}: ${countsInWords(counts)}.`)
  return 0
}

/** Records of each kind. */
export type Counts = Partial<Record<(typeof exportedKinds)[number], number>>

export function countsInWords(counts: Counts): string {
  const { schedule = 0, ledger = 0, job = 0 } = counts
  return `${schedule} schedules, ${ledger} ledger rows, ${job} jobs`
}

async function* linesOf(store: Store, counts: Counts): AsyncGenerator<string> {
  yield headLine(randomUUID(), iso(await store.now()))
  const redacting = new RedactedExport(await readRedactions(store))
  let records = 0
  for (const kind of exportedKinds) {
    counts[kind] = 0
    for await (const record of allPages(cursor => store.exportPage(kind, { limit: PAGE, cursor }))) {
      counts[kind] += 1
      records += 1
      yield recordLine(kind, redacting.recordOf(kind, record))
    }
  }
  yield endLine(records)
}

/** An export of changing books would be inconsistent: a fire time in the ledger that its schedule has not decided. */
async function assertStill(store: Store): Promise<void> {
  const since = (await store.now()) - STILL_FOR_MS
  const working = (await store.listNodes()).filter(node => isAlive(node) && node.renewedAt > since)
  if (working.length === 0) return
  const processes = working.map(({ host, pid }) => `${host}:${pid}`).join(', ')
  throw new WrongUse(
    `Processes still work on these books: ${processes}. Stop them first; a killed one still counts for ${STILL_FOR_MS / 1_000} seconds.`
  )
}
