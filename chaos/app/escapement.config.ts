import { defineConfig, every, schedule } from 'escapement'
import { CONCURRENCY, RELEASE, schedulesOf } from '../workload.ts'
import { recordingLogger } from './recording-logger.ts'
import { recorderOf, surroundings } from './surroundings.ts'
import { tasksOf } from './tasks.ts'

/** The app that every process of a run is: `escapement start --config chaos/app/escapement.config.ts`. */
const given = surroundings()
const recorder = recorderOf(given, 'node')
const fences = new Map<string, number>()
const tasks = tasksOf(recorder, fences)

export default defineConfig({
  tasks: Object.values(tasks),
  schedules: schedulesOf(given.schedules, given.endsAt).map(({ id, task, everyMs, endAt }) =>
    schedule(id, { task: tasks[task], trigger: every(everyMs, { end: new Date(endAt) }) })
  ),
  web: './web.ts',
  release: RELEASE,
  lease: { ttl: given.leaseTtlMs },
  coordination: { ttl: given.leaseTtlMs },
  worker: { concurrency: CONCURRENCY },
  logger: recordingLogger(recorder, fences)
})
