import { createEscapement, cron, schedule, task } from '../../src/index.ts'
import { withScratchFile } from './scratch.ts'

export interface Registering {
  /** From `start()` to its answer, on an empty file. */
  readonly firstMs: number
  /** The same declarations again. */
  readonly againMs: number
}

/** Starts a scheduler whose code declares so many schedules, none of them due soon. */
export const registerSchedules = (schedules: number): Promise<Registering> =>
  withScratchFile(async file => {
    const report = task('report', { handler: () => undefined })
    const declared = Array.from({ length: schedules }, (_, index) =>
      schedule(`ship-${index}`, { task: report, trigger: cron('0 0 1 1 *') })
    )
    const start = async (): Promise<number> => {
      const escapement = createEscapement({
        database: `sqlite:${file}`,
        schedules: declared,
        roles: ['scheduler'],
        logger: false
      })
      const begun = performance.now()
      await escapement.start()
      const ms = performance.now() - begun
      await escapement.stop()
      return ms
    }
    const firstMs = await start()
    return { firstMs, againMs: await start() }
  })
