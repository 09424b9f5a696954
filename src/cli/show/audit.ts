import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command, Option } from 'commander'
import { type AuditAction, auditActions, type AuditTargetKind, auditTargetKinds } from '../../core/access/audit.ts'
import type { AuditFilter } from '../../store/access/audit.ts'
import { allPages } from '../../store/pages/all-pages.ts'
import type { Store } from '../../store/store.ts'
import { viewAuditEntry } from '../../views/audit.ts'
import { written } from '../../views/written.ts'
import { type From, fromMs, parseFrom, parseUntil, wholeNumberArgument } from '../arguments.ts'
import { withBooks } from '../books/books.ts'
import { addCommand, choiceOption, type Invocation, option, type Ran } from '../command.ts'
import { type ExitStatus, WrongUse } from '../failures.ts'
import { styled, textTable } from '../output.ts'

interface FilterOptions {
  readonly actor?: string
  readonly action?: AuditAction
  readonly kind?: AuditTargetKind
  readonly target?: string
  readonly from?: From
  readonly until?: number
}

interface ListOptions extends FilterOptions {
  readonly limit: number
  readonly cursor?: string
}

interface ExportOptions extends FilterOptions {
  readonly file?: string
}

/** Entries read at once. */
const PAGE = 500

const filters = (): readonly Option[] => [
  option('--actor <name>', 'only of this person or program'),
  choiceOption('--action <action>', 'only this action', auditActions),
  choiceOption('--kind <kind>', 'only about things of this kind', auditTargetKinds),
  option('--target <id>', 'only about the thing with this id'),
  option('--from <instant>', 'not before this instant, or day in UTC', parseFrom),
  option('--until <instant>', 'not after this instant, or day in UTC', parseUntil)
]

export function addAudit(program: Command, ran: Ran): void {
  const audit = program
    .command('audit')
    .description('show who changed what')
    .addHelpText('after', '\nExample:\n  $ escapement audit list --kind schedule --target nightly-report')
  addCommand<ListOptions>(audit, ran, {
    usage: 'list',
    description: 'list who changed what, newest first',
    examples: [
      'escapement audit list --actor anna --from 2026-03-01',
      'escapement audit list --action job.cancel --json'
    ],
    options: [
      ...filters(),
      option('--limit <n>', 'how many, 1 to 1000', wholeNumberArgument(1, 1000)).default(20),
      option('--cursor <cursor>', 'the cursor that the previous page printed')
    ],
    run: list
  })
  addCommand<ExportOptions>(audit, ran, {
    usage: 'export',
    description: 'write all of it, newest first, as lines of JSON',
    examples: ['escapement audit export --from 2026-01-01 --until 2026-03-31 --file audit.jsonl'],
    options: [...filters(), option('--file <path>', 'a new file to write (default: standard output)')],
    run: ({ options, output }) => withBooks(options, store => exportAudit(store, { options, output }))
  })
}

function filterIn({ actor, action, kind: targetKind, target: targetId, from, until }: FilterOptions): AuditFilter {
  return { actor, action, targetKind, targetId, from: from && fromMs(from, 'UTC'), until }
}

async function list({ options, output }: Invocation<ListOptions>): Promise<ExitStatus> {
  const { limit, cursor: after } = options
  return withBooks<ExitStatus>(options, async store => {
    const { items, cursor } = await store.listAudit(filterIn(options), { limit, cursor: after })
    const entries = items.map(entry => written(viewAuditEntry(entry)))
    output.answer({ entries, cursor: cursor ?? null }, () => {
      const rows = entries.map(({ at, actor, via, action, targetId, outcome, count, reason }) => [
        at,
        actor,
        via,
        outcome === 'done' ? action : styled('red', `${action} refused ${count}×`),
        targetId,
        reason ?? undefined
      ])
      const more = cursor === undefined ? [] : [`There are more: --cursor ${cursor}`]
      const table = textTable(['at', 'who', 'via', 'what', 'which', 'reason'], rows, 'There are no such entries.')
      return [table, ...more].join('\n')
    })
    return 0
  })
}

async function exportAudit(
  store: Store,
  { options, output }: Pick<Invocation<ExportOptions>, 'options' | 'output'>
): Promise<ExitStatus> {
  const counted = { entries: 0 }
  const lines = Readable.from(linesOf(store, filterIn(options), counted))
  if (options.file === undefined) {
    await pipeline(lines, process.stdout, { end: false })
    return 0
  }
  await pipeline(lines, createWriteStream(options.file, { flags: 'wx' })).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new WrongUse(`${options.file} exists already.`) : error
  })
  output.answer({ file: options.file, exported: counted.entries }, () => `${options.file}: ${counted.entries} entries.`)
  return 0
}

async function* linesOf(store: Store, filter: AuditFilter, counted: { entries: number }): AsyncGenerator<string> {
  for await (const entry of allPages(cursor => store.listAudit(filter, { limit: PAGE, cursor }))) {
    counted.entries += 1
    yield `${JSON.stringify(written(viewAuditEntry(entry)))}\n`
  }
}
