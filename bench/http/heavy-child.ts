// A scheduler and worker that, from the word heavy to the next word, has jobs which keep a processor busy.
import { createEscapement, task } from '../../src/index.ts'

const BUSY_MS = 50

const heavy = task('heavy', {
  handler: () => {
    const until = performance.now() + BUSY_MS
    while (performance.now() < until);
  }
})
const escapement = createEscapement({
  database: process.argv[2]!,
  name: 'heavy',
  tasks: [heavy],
  roles: ['scheduler', 'worker'],
  logger: false
})
let timer: NodeJS.Timeout | undefined
process.on('disconnect', () => process.exit())
process.on('message', message => {
  clearInterval(timer)
  if (message === 'heavy') timer = setInterval(() => void escapement.enqueue(heavy, null), BUSY_MS * 2)
  process.send?.('done')
})
await escapement.start()
process.send?.('ready')
