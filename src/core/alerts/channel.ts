import { EscapementError } from '../errors.ts'
import { checkName, describe } from '../options/names.ts'
import { dated, type Dated } from '../dated.ts'
import type { NamedIncident, Notice } from './notice.ts'

/** An incident as a notice names it, with dates. */
export interface IncidentView extends Dated<NamedIncident> {}

/** A notice as channels get it. In JSON its instants are ISO 8601 texts. */
export interface NoticeView extends Omit<Dated<Notice>, 'incidents'> {
  /** At most 20. */
  readonly incidents: readonly IncidentView[]
}

export const viewOfNotice = (notice: Notice): NoticeView => ({
  ...dated(notice),
  incidents: notice.incidents.map(incident => dated(incident))
})

/** What comes with a notice. */
export interface Sending {
  /** The same at each try of the notice on this channel: what has it already has no need of another. */
  readonly idempotencyKey: string
  /** Aborted after 30 s. The notice is then tried again later. */
  readonly signal: AbortSignal
}

/** Where notices go. A send that throws or rejects is tried again, for 24 h. */
export interface AlertChannel {
  /** Unique among the channels of an app. The books know it by this name. */
  readonly name: string
  readonly send: (notice: NoticeView, sending: Sending) => unknown
}

/**
 * A channel that calls a function of the app with each notice. A promise is awaited.
 *
 * @throws EscapementError `id-invalid` for the name, `config-invalid` for what is no function
 *
 * @example
 * ```ts
 * channel('chat', async ({ title, text }) => postToChat(`${title}\n${text}`))
 * ```
 */
export function channel(name: string, send: AlertChannel['send']): AlertChannel {
  checkName('The channel', name)
  if (typeof send !== 'function')
    throw new EscapementError('config-invalid', `The channel "${name}" got ${describe(send)}; it takes a function.`)
  return { name, send }
}
