import { createEscapement, every, schedule } from 'escapement'
import { CONCURRENCY, RELEASE, schedulesOf } from '../workload.ts'
import { recordingLogger } from './recording-logger.ts'
import { recorderOf, surroundings } from './surroundings.ts'
import { tasksOf } from './tasks.ts'

/**
 * The app as it was a release ago: it has every other of the schedules, and lets them fire a third as often. It starts
 * again while the others run the newer one, and may change nothing of what that has declared.
 */
const given = surroundings()
const recorder = recorderOf(given, 'node')
const fences = new Map<string, number>()
const tasks = tasksOf(recorder, fences)

const app = createEscapement({
  tasks: Object.values(tasks),
  schedules: schedulesOf(given.schedules, given.endsAt)
    .filter((_, index) => index % 2 === 0)
    .map(({ id, task, everyMs, endAt }) =>
      schedule(id, { task: tasks[task], trigger: every(3 * everyMs, { end: new Date(endAt) }) })
    ),
  release: RELEASE - 1,
  roles: ['scheduler', 'worker'],
  lease: { ttl: given.leaseTtlMs },
  coordination: { ttl: given.leaseTtlMs },
  worker: { concurrency: CONCURRENCY },
  logger: recordingLogger(recorder, fences)
})
process.on('SIGTERM', () => void app.stop().then(() => process.exit(0)))
await app.start()
console.log('started')
