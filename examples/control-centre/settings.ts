const { env } = process
const isProduction = env['NODE_ENV'] === 'production'
// Escapement's own log lines: all of them in development. What the environment says already takes precedence.
env['ESCAPEMENT_LOG_LEVEL'] ??= isProduction ? 'info' : 'debug'

/** What the environment says about the control centre. */
export const settings = {
  /** Development lets three jobs of a schedule overlap, to show what a slow one does; production runs one at a time. */
  maxInstances: isProduction ? 1 : 3,
  /** What was missed by more than this does not run any more. */
  misfireGrace: env['CENTRE_MISFIRE_GRACE'] ?? '300s',
  /** Every job this often, instead of its own times: `5s` to watch it. */
  every: env['CENTRE_EVERY'],
  /** The time limit of every job, instead of its own. */
  limit: env['CENTRE_LIMIT'],
  /** A job that is to misbehave, to see an alert: `store_status:fail`, `:hang` or `:overrun`. */
  fault: env['CENTRE_FAULT'],
  /** Where alerts go, besides the error log. */
  alertsUrl: env['ALERTS_URL'],
  alertsSecret: env['ALERTS_SECRET'],
  smtpUrl: env['SMTP_URL'],
  mailTo: env['MAIL_TO'] ?? 'operations@centre.example',
  /** The centre's own database: deliveries, stores, and what the jobs found. */
  file: env['CENTRE_FILE'] ?? 'var/control-centre-data.db'
}
