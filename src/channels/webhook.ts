import { createHmac } from 'node:crypto'
import type { AlertChannel } from '../core/alerts/channel.ts'
import { EscapementError } from '../core/errors.ts'
import { aName } from '../core/options/forms.ts'
import { checkOptions, door } from '../core/options/options.ts'

/** What `webhook` takes. */
export interface WebhookOptions {
  /** `http://` or `https://`, without a user or password. It is called as it is: redirects are not followed. */
  readonly url: string
  /** At least 16 characters, which the receiver knows too. It signs each request. */
  readonly secret: string
  /** Unique among the channels of the app. @default 'webhook' */
  readonly name?: string
}

const PATIENCE_MS = 5_000
const MIN_SECRET_LENGTH = 16

const isUrl = (value: unknown): boolean => {
  if (typeof value !== 'string' || !/^https?:\/\//.test(value) || !URL.canParse(value)) return false
  const { username, password } = new URL(value)
  return username === '' && password === ''
}

const isSecret = (value: unknown): boolean => typeof value === 'string' && value.length >= MIN_SECRET_LENGTH

const webhookDoor = door<Pick<WebhookOptions, 'name'>>('config-invalid', { name: aName })

const refused = (what: string): EscapementError => new EscapementError('config-invalid', `webhook() takes ${what}.`)

/**
 * A channel that posts each notice as JSON. The headers `escapement-time` (epoch seconds) and `escapement-signature`
 * (`v1=` and the HMAC-SHA-256, in hex, of time, a full stop and body) let the receiver check it; `idempotency-key` is
 * the same at each try. The receiver has 5 s to respond with a status from 200 to 299; all else is tried again.
 *
 * @throws EscapementError `config-invalid`, `id-invalid` for the name
 *
 * @example
 * ```ts
 * webhook({ url: 'https://example.org/alerts', secret: secrets.alerts })
 * ```
 */
export function webhook(options: WebhookOptions): AlertChannel {
  const { url, secret, ...shown } = Object(options) as WebhookOptions
  checkOptions('webhook()', shown, webhookDoor)
  // The messages must not repeat a secret, or a password in the address.
  if (!isUrl(url)) throw refused('as url an address such as "https://example.org/alerts", without a user or password')
  if (!isSecret(secret)) throw refused(`as secret a text of at least ${MIN_SECRET_LENGTH} characters`)
  const { name = 'webhook' } = shown
  return {
    name,
    send: async (notice, { idempotencyKey, signal }) => {
      const body = JSON.stringify(notice)
      const time = Math.floor(Date.now() / 1_000)
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'escapement',
          'idempotency-key': idempotencyKey,
          'escapement-time': String(time),
          'escapement-signature': `v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`
        },
        body
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`The webhook responded with status ${response.status}.`)
    }
  }
}
