import { createEscapement, task } from '../../src/index.ts'

/** Starts, stops, and leaves it to Node to end the process: whatever is left behind would keep it alive. */
const [file] = process.argv.slice(2)
const app = createEscapement({
  database: `sqlite:${file}`,
  tasks: [task('nothing', { handler: () => undefined })],
  // Longer than any test: a timer of one of them that stays behind would keep the process.
  shutdownGrace: '1h',
  abortGrace: '1h',
  logger: false
})
await app.start()
await app.stop()
console.log('stopped')
