import { createHash } from 'node:crypto'
import type { AlertChannel } from '../core/alerts/channel.ts'
import { EscapementError } from '../core/errors.ts'
import { aName } from '../core/options/forms.ts'
import { checkOptions, door } from '../core/options/options.ts'
import { loadPeer } from '../peers/optional-peer.ts'

/** What `mail` takes. */
export interface MailOptions {
  /** `smtp://` or `smtps://` with user and password, if the server asks for them. */
  readonly smtp: string
  /** The address of the sender. */
  readonly from: string
  /** The addresses of those who are told, one or several. */
  readonly to: string | readonly string[]
  /** Unique among the channels of the app. @default 'mail' */
  readonly name?: string
}

const PATIENCE_MS = 5_000

const isAddress = (value: unknown): boolean => typeof value === 'string' && /^[^\s@]+@[^\s@]+$/.test(value)
const isSmtp = (value: unknown): boolean =>
  typeof value === 'string' && /^smtps?:\/\//.test(value) && URL.canParse(value)

const mailDoor = door<Omit<MailOptions, 'smtp'>>('config-invalid', {
  from: { takes: 'an address such as "escapement@example.org"', allows: isAddress },
  to: {
    takes: 'an address such as "ann@example.org", or a list of them',
    allows: value => isAddress(value) || (Array.isArray(value) && value.length > 0 && value.every(isAddress))
  },
  name: aName
})

interface Transport {
  sendMail(mail: object): Promise<unknown>
  close(): void
}
interface Mailer {
  createTransport(options: object): Transport
}

/**
 * A channel that sends each notice as a mail of plain text. It needs the package nodemailer. All tries of a notice have
 * the same `Message-ID`. A server that says nothing for 5 s is left, and the notice is tried again.
 *
 * @throws EscapementError `config-invalid`, `id-invalid` for the name
 *
 * @example
 * ```ts
 * mail({ smtp: secrets.smtp, from: 'escapement@example.org', to: 'ann@example.org' })
 * ```
 */
export function mail(options: MailOptions): AlertChannel {
  const { smtp, ...shown } = Object(options) as MailOptions
  checkOptions('mail()', shown, mailDoor)
  // The message must not repeat a password.
  if (!isSmtp(smtp))
    throw new EscapementError(
      'config-invalid',
      'mail() takes for smtp an address such as "smtp://user:password@host:587".'
    )
  const { from, to, name = 'mail' } = shown
  if (from === undefined || to === undefined)
    throw new EscapementError('config-invalid', 'mail() takes the addresses "from" and "to".')
  return {
    name,
    send: async ({ title, text }, { idempotencyKey }) => {
      const transport = await openTransport(smtp)
      try {
        const messageId = `<${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32)}@escapement>`
        await transport.sendMail({ from, to, subject: `[escapement] ${title}`, text, messageId })
      } finally {
        transport.close()
      }
    }
  }
}

async function openTransport(url: string): Promise<Transport> {
  const { default: mailer } = await loadPeer<{ readonly default: Mailer }>({
    name: 'nodemailer',
    purpose: 'Mails of alerts',
    code: 'config-invalid'
  })
  const timeouts = { connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS }
  return mailer.createTransport({ url, ...timeouts })
}
