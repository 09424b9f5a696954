import { createEscapement, cron, schedule, task } from '../../src/index.ts'

export interface Registering {
  /** From the call of `start()` until it resolves, on empty books. */
  readonly firstMs: number
  /** The same declarations again. */
  readonly againMs: number
}

/** Starts a scheduler whose code declares so many schedules, none of them due soon. */
export async function registerSchedules(database: string, schedules: number): Promise<Registering> {
  const report = task('report', { handler: () => undefined })
  const declared = Array.from({ length: schedules }, (_, index) =>
    schedule(`ship-${index}`, { task: report, trigger: cron('0 0 1 1 *') })
  )
  const start = async (): Promise<number> => {
    const escapement = createEscapement({ database, schedules: declared, roles: ['scheduler'], logger: false })
    const begun = performance.now()
    await escapement.start()
    const ms = performance.now() - begun
    await escapement.stop()
    return ms
  }
  const firstMs = await start()
  return { firstMs, againMs: await start() }
}
