import { execFileSync, spawn } from 'node:child_process'
import { createEscapement, task } from '../../src/index.ts'

/**
 * One of several equal processes that want to be the primary: `node seat-process.ts <database> <coordination as JSON>
 * [full]`. It says what becomes of its seat. Once elected it starts a process of its own, which outlives it. SIGUSR2: it says whether
 * it is the primary now, and what becomes of a write in the name of its last tenure.
 */
const [, , database = '', coordination = '{}', disk = ''] = process.argv
// To a process that may write files of no bytes every disk is full.
if (disk === 'full') execFileSync('prlimit', [`--pid=${process.pid}`, '--fsize=0:0'])
const mail = task('mail', { handler: () => undefined })
const app = createEscapement({
  database,
  coordination: JSON.parse(coordination) as object,
  tasks: [mail],
  logger: false
})
let write = async (): Promise<string> => 'never elected'
app.onPrimary({
  onElected: tenure => {
    write = () =>
      tenure.enqueue(mail, null).then(
        ({ outcome }) => outcome,
        (error: { code?: string }) => String(error.code)
      )
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)'], { stdio: 'ignore', detached: true })
    child.unref()
    console.log(`elected ${tenure.term} child ${child.pid}`)
  },
  onDeposed: ({ term }, why) => console.log(`deposed ${term} ${why}`)
})
app.on('loop.failed', ({ loop, code, error }) => console.log(`${loop} failed: ${code} ${error.message}`))
process.on('SIGUSR2', () => {
  const isPrimary = app.isPrimary()
  void write().then(written => console.log(`primary ${isPrimary}, write ${written}`))
})
process.on('SIGTERM', () => void app.stop())
await app.start()
console.log('started')
