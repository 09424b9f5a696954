/** What the small app does, whatever library calls it. */
export interface User {
  readonly id: string
  readonly mail: string
}

/** When the report is due; a minute's cron makes it quick to watch. */
export const NIGHTLY = process.env['NIGHTLY'] ?? '0 2 * * *'

export function sendReport(): void {
  console.log('report')
}

const triedFor = new Set<string>()

/** The mail server refuses the first mail to each user, so that one retry is seen. */
export function sendWelcome({ id, mail }: User): void {
  console.log(`welcome ${mail}`)
  if (triedFor.has(id)) return
  triedFor.add(id)
  throw new Error('421 try again later')
}
