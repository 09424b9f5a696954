import { availableParallelism } from 'node:os'
import { choice, text, whole } from '../kinds/kind.ts'
import { asked, row } from '../row.ts'

const processes = whole(0, 1_000)
const port = whole(0, 65_535)

/** How `escapement start` starts processes. */
export const launch = {
  mode: row({
    kind: { ...choice('development', 'production'), fromText: asMode },
    default: 'development',
    meaning:
      'production or development (anything else); they differ in the defaults of HOST, WEB_CONCURRENCY and --max-restarts',
    variables: { NODE_ENV: { example: 'development' } }
  }),
  web: asked(
    '--web <count>',
    row({
      kind: processes,
      default: 2,
      inProduction: availableParallelism,
      defaultIs: '2, in production one per processor',
      meaning: 'Web processes',
      variables: { WEB_CONCURRENCY: { example: '2' } },
      concerns: ['web']
    })
  ),
  workers: asked(
    '--workers <count>',
    row({
      kind: processes,
      defaultIs: '0, in a fleet 1',
      meaning: 'Processes that only run jobs',
      variables: { WORKER_PROCESSES: { example: '0' } },
      concerns: ['worker']
    })
  ),
  schedulers: asked(
    '--schedulers <count>',
    row({
      kind: processes,
      default: 1,
      meaning: 'Scheduler processes of a fleet on this host',
      concerns: ['scheduler']
    })
  ),
  host: asked(
    '--host <address>',
    row({
      kind: text('an address of this host'),
      default: '127.0.0.1',
      inProduction: () => '0.0.0.0',
      meaning: 'Where the web processes listen',
      variables: { HOST: { example: '127.0.0.1' } }
    })
  ),
  port: asked(
    '--port <number>',
    row({
      kind: port,
      default: 3000,
      meaning: 'The port that all web processes share',
      variables: { PORT: { example: '3000' } },
      concerns: ['web']
    })
  ),
  schedulerPort: row({
    kind: port,
    default: 5002,
    meaning: 'The port of a scheduler process',
    variables: { SCHEDULER_PORT: { example: '5002' } },
    concerns: ['scheduler']
  }),
  workerPort: row({
    kind: port,
    default: 0,
    meaning: 'The port that worker processes share; 0: any free one',
    variables: { WORKER_PORT: { example: '0' } },
    concerns: ['worker']
  }),
  maxRestarts: asked(
    '--max-restarts <count>',
    row({
      kind: processes,
      default: 4,
      inProduction: () => 10,
      meaning: 'Give up when a process has ended early this many times in a row'
    })
  ),
  runDirectory: row({
    kind: text('the path of a folder'),
    default: '.escapement',
    meaning: 'The folder in which running masters register themselves, for "escapement reload"',
    variables: { ESCAPEMENT_RUN_DIR: { example: '.escapement' } }
  })
}

function asMode(written: string): 'development' | 'production' {
  return written === 'production' ? 'production' : 'development'
}
