import type { Endpoint } from '../contract/endpoint.ts'
import { RefusedAttempts } from '../operations/access/refused-attempts.ts'
import { Sessions } from '../operations/access/sessions.ts'
import { Tokens } from '../operations/access/tokens.ts'
import { answeredWithin, STORE_ANSWER_MS } from './deadline.ts'
import { type ApiCaller, callerOf, hasAuthorization, refusal } from './access.ts'
import type { ApiBooks, ApiOptions } from './api-options.ts'
import type { Problem } from './problems.ts'
import { mayHaveSession, sessionCookieIn } from './session/cookies.ts'
import { forgery } from './session/forgery.ts'

/** What a request asks for, as the audit calls it. */
export interface Wanted extends Pick<Endpoint, 'access' | 'action' | 'takesCookie'> {
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
    const caller = hasAuthorization(request)
      ? await this.#byToken(request)
      : wanted.takesCookie === false
        ? undefined
        : await this.#bySession(request)
    const problem = refusal(request, wanted.access, caller) ?? (caller?.session && forgery(request, caller.session))
    if (problem === undefined) return { caller }
    this.#note(caller, wanted)
    return { problem }
  }

  #byToken(request: Request): Promise<ApiCaller | undefined> {
    const { token, newId } = this.#options
    return callerOf(request, token, text => this.#ask(books => new Tokens({ ...books, newId }).check(text)))
  }

  async #bySession({ headers }: Request): Promise<ApiCaller | undefined> {
    if (!mayHaveSession(headers)) return undefined
    const { token, newId } = this.#options
    return this.#ask(async books => {
      const cookie = sessionCookieIn(headers, books.store.id)
      if (cookie === undefined || (cookie.isOfConfigured && token === undefined)) return undefined
      const session = await new Sessions({ ...books, newId }).find(cookie.id, cookie.isOfConfigured ? token : undefined)
      return session && { actor: session.actor, role: session.role, session: { ...session, id: cookie.id } }
    })
  }

  #ask<T>(ask: (books: ApiBooks) => Promise<T>): Promise<T> {
    const { use, clock } = this.#options
    return answeredWithin(clock, STORE_ANSWER_MS, use(ask))
  }

  /** In the background: nobody who is refused waits for the books, and books that are away keep nobody. */
  #note(caller: ApiCaller | undefined, { action = 'api.use', targetId }: Wanted): void {
    const { use, newId } = this.#options
    const via = caller?.session === undefined ? 'api' : 'page'
    const by = { actor: caller?.actor ?? 'unknown', role: caller?.role, via } as const
    void use(async ({ store, clock }) => {
      this.#refused ??= new RefusedAttempts({ store, clock, newId })
      this.#refused.count({ by, action, targetId })
      await this.#refused.idle()
    }).catch(() => undefined)
  }
}
