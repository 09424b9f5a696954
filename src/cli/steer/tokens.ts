import { InvalidArgumentError, type Command } from 'commander'
import { type AccessRole, accessRoles } from '../../core/access/audit.ts'
import { isLine } from '../../core/access/by.ts'
import { stateOfToken, type Token } from '../../core/access/token.ts'
import { newId } from '../../new-id.ts'
import { Tokens } from '../../operations/access/tokens.ts'
import { allPages } from '../../store/pages/all-pages.ts'
import type { Store } from '../../store/store.ts'
import { parseDuration, parseInstant } from '../arguments.ts'
import { withBooks } from '../books/books.ts'
import { addCommand, choiceOption, type Invocation, option, type Ran } from '../command.ts'
import { type ExitStatus, WrongUse } from '../failures.ts'
import { iso, isoOrNull, styled, textTable } from '../output.ts'
import { reasonOption, type ReasonOptions, whoRuns } from '../who.ts'

interface CreateOptions extends ReasonOptions {
  readonly name?: string
  readonly role?: AccessRole
  readonly expiresIn?: number
  readonly expiresAt?: number
}

const MAX_NAME_LENGTH = 100

export function addTokens(program: Command, ran: Ran): void {
  const tokens = program
    .command('tokens')
    .description('make, list and revoke tokens for the management API')
    .addHelpText('after', '\nExample:\n  $ escapement tokens create --name deploy --role operator --expires-in 90d')
  addCommand<CreateOptions>(tokens, ran, {
    usage: 'create',
    description: 'make a token, and print it: it is shown only now',
    examples: ['escapement tokens create --name deploy --role operator --expires-in 90d'],
    options: [
      option('--name <text>', 'what people call it', parseName),
      choiceOption('--role <role>', 'what it may do', accessRoles),
      option('--expires-in <duration>', 'how long it is valid; default: for good', parseDuration),
      option('--expires-at <instant>', 'until when it is valid', parseInstant),
      reasonOption
    ],
    run: create
  })
  addCommand<object>(tokens, ran, {
    usage: 'list',
    description: 'list the tokens, newest first; their secrets are nowhere',
    examples: ['escapement tokens list --json'],
    run: list
  })
  addCommand<ReasonOptions>(tokens, ran, {
    usage: 'revoke <ids...>',
    description: 'revoke tokens everywhere at once, with the sessions that began with them',
    examples: ['escapement tokens revoke 019c2b1e-5f80-7c3a-9d1e-2f6b1f0a7c55 --reason "it was in a log"'],
    options: [reasonOption],
    run: revoke
  })
}

function parseName(text: string): string {
  if (isLine(text, MAX_NAME_LENGTH)) return text
  throw new InvalidArgumentError(`It takes 1 to ${MAX_NAME_LENGTH} characters on one line.`)
}

async function tokensOf(store: Store): Promise<{ readonly tokens: Tokens; readonly now: number }> {
  const now = await store.now()
  return { tokens: new Tokens({ store, clock: { now: () => now }, newId }), now }
}

async function create({ options, output }: Invocation<CreateOptions>): Promise<ExitStatus> {
  const { name, role, expiresIn, expiresAt: at } = options
  if (name === undefined || role === undefined) throw new WrongUse('"tokens create" takes --name and --role.')
  if (expiresIn !== undefined && at !== undefined)
    throw new WrongUse('--expires-in and --expires-at exclude each other.')
  return withBooks<ExitStatus>(options, async store => {
    const { tokens, now } = await tokensOf(store)
    const expiresAt = expiresIn === undefined ? at : now + expiresIn
    const { id, text } = await tokens.create({ name, role, expiresAt, by: whoRuns(options) })
    output.answer({ id, name, role, expiresAt: isoOrNull(expiresAt), token: text }, () => text)
    output.notice(`The token "${name}" has the id ${id}. It is shown only now: keep it where secrets are kept.`)
    return 0
  })
}

async function list({ options, output }: Invocation<object>): Promise<ExitStatus> {
  return withBooks<ExitStatus>(options, async store => {
    const now = await store.now()
    const shown: Shown[] = []
    for await (const token of allPages(cursor => store.listTokens({ limit: 500, cursor })))
      shown.push(shownOf(token, now))
    output.answer({ tokens: shown }, () => {
      const rows = shown.map(({ id, name, role, state, expiresAt, lastUsedAt, createdBy }) => [
        id,
        name,
        role,
        state === 'valid' ? state : styled('red', state),
        expiresAt ?? 'never',
        lastUsedAt ?? undefined,
        createdBy
      ])
      return textTable(['id', 'name', 'role', 'state', 'expires', 'last used', 'made by'], rows, 'There are no tokens.')
    })
    return 0
  })
}

async function revoke({ args, options, output }: Invocation<ReasonOptions>): Promise<ExitStatus> {
  const ids = args[0] as readonly string[]
  return withBooks<ExitStatus>(options, async store => {
    const { tokens } = await tokensOf(store)
    const by = whoRuns(options)
    for (const id of ids) await tokens.revoke(id, { by })
    output.answer({ revoked: ids }, () =>
      ids.length === 1 ? 'The token is revoked.' : `${ids.length} tokens are revoked.`
    )
    return 0
  })
}

type Shown = ReturnType<typeof shownOf>

/** Without what proves its secret. */
const shownOf = (token: Token, now: number) => ({
  id: token.id,
  name: token.name,
  role: token.role,
  state: stateOfToken(token, now),
  createdAt: iso(token.createdAt),
  createdBy: token.createdBy,
  expiresAt: isoOrNull(token.expiresAt),
  revokedAt: isoOrNull(token.revokedAt),
  lastUsedAt: isoOrNull(token.lastUsedAt)
})
