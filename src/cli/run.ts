import { enableCompileCache } from 'node:module'
import { hideExperimentalWarnings } from './quiet.ts'

/** The command line, under a Node that is new enough. Ends the process. */
export async function run(): Promise<never> {
  // What was compiled once is loaded again in half the time.
  enableCompileCache()
  // Before anything is imported that warns as it is loaded.
  hideExperimentalWarnings()
  const { runProgram } = await import('./program.ts')
  const status = await runProgram(process.argv.slice(2))
  // The app's config may have opened what keeps the process alive: a command ends when its answer is out.
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>(resolve => stream.write('', () => resolve()))
  return process.exit(status)
}
