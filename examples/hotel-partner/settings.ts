const { env } = process

/** What the environment says about the hotel app. */
export const settings = {
  /** How often a report is mailed. */
  reportEvery: env['REPORT_EVERY'] ?? '1d',
  /** How long a killed worker's reports wait until another one sends them. */
  leaseTtl: env['LEASE_TTL'] ?? '15s',
  /** Where mail goes out. */
  smtpUrl: env['SMTP_URL'] ?? 'smtp://127.0.0.1:2525',
  /** Whom reports and alerts go to. */
  mailTo: env['MAIL_TO'] ?? 'manager@hotel.example',
  /** The hotel's own database of customers. */
  customersFile: env['CUSTOMERS_FILE'] ?? 'var/hotel-customers.db'
}
