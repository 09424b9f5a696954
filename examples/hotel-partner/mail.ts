import { createTransport } from 'nodemailer'
import { settings } from './settings.ts'

const transport = createTransport(settings.smtpUrl)
const from = 'partner-api@hotel.example'

/** `id` names the message: a mail that had to be sent again has the same one, and mail programs show it once. */
export async function sendMail(subject: string, text: string, id: string): Promise<void> {
  await transport.sendMail({ from, to: settings.mailTo, subject, text, messageId: `<${id}@hotel.example>` })
}
