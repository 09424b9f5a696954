import type { Endpoint } from '../contract/endpoint.ts'
import { RefusedAttempts } from '../operations/access/refused-attempts.ts'
import { Tokens } from '../operations/access/tokens.ts'
import { answeredWithin, STORE_ANSWER_MS } from './deadline.ts'
import { type ApiCaller, callerOf, refusal } from './access.ts'
import type { ApiOptions } from './api-options.ts'
import type { Problem } from './problems.ts'

/** What a request asks for, as the audit calls it. */
export interface Wanted extends Pick<Endpoint, 'access' | 'action'> {
  readonly targetId: string
}

/** Says who may pass, and notes in the audit who may not. */
export class Guard {
  readonly #options: ApiOptions
  #refused: RefusedAttempts | undefined

  constructor(options: ApiOptions) {
    this.#options = options
  }

  /** @throws EscapementError those of the books, if a token of the books was presented */
  async admit(
    request: Request,
    wanted: Wanted
  ): Promise<{ readonly caller: ApiCaller | undefined } | { readonly problem: Problem }> {
    if (wanted.access === 'anyone') return { caller: undefined }
    const { token, use, newId, clock } = this.#options
    const check = (text: string) =>
      answeredWithin(
        clock,
        STORE_ANSWER_MS,
        use(books => new Tokens({ ...books, newId }).check(text))
      )
    const caller = await callerOf(request, token, check)
    const problem = refusal(request, wanted.access, caller)
    if (problem === undefined) return { caller }
    this.#note(caller, wanted)
    return { problem }
  }

  /** In the background: nobody who is refused waits for the books, and books that are away keep nobody. */
  #note(caller: ApiCaller | undefined, { action = 'api.use', targetId }: Wanted): void {
    const { use, newId } = this.#options
    const by = { actor: caller?.actor ?? 'unknown', role: caller?.role, via: 'api' } as const
    void use(async ({ store, clock }) => {
      this.#refused ??= new RefusedAttempts({ store, clock, newId })
      this.#refused.count({ by, action, targetId })
      await this.#refused.idle()
    }).catch(() => undefined)
  }
}
