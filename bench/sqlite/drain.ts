import { createEscapement } from '../../src/index.ts'
import { fill, untilDrained } from './fill.ts'
import { withScratchFile } from './scratch.ts'
import { concurrency, type Fate, idleTask, Tally } from '../node/tasks.ts'

export interface DrainSize {
  readonly jobs: number
  readonly fate: Fate
}

/**
 * One worker process works off what was enqueued before it started. Jobs per second, from the first handler to the last
 * report's commit.
 */
export const runtimeDrain = ({ jobs, fate }: DrainSize): Promise<number> =>
  withScratchFile(async file => {
    const tally = new Tally()
    const task = idleTask(fate, tally.count)
    await fill(file, { jobs, task })
    const escapement = createEscapement({
      database: `sqlite:${file}`,
      tasks: [task],
      roles: ['worker'],
      worker: { concurrency },
      logger: false
    })
    await escapement.start()
    await untilDrained(file)
    const seconds = (performance.now() - tally.firstAt) / 1_000
    await escapement.stop()
    if (tally.entered !== jobs) throw new Error(`${tally.entered} handlers were entered for ${jobs} jobs`)
    return jobs / seconds
  })
