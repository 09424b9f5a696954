import { enableCompileCache } from 'node:module'
import { hideExperimentalWarnings } from './quiet.ts'

/** Runs the command line, under a Node that is new enough. Ends the process. */
export async function run(): Promise<never> {
  // Code that was compiled before loads in half the time.
  enableCompileCache()
  // Before any import that would warn.
  hideExperimentalWarnings()
  const { runProgram } = await import('./program.ts')
  const status = await runProgram(process.argv.slice(2))
  // The app's config may keep the process alive, so a command ends when its output is written.
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>(resolve => stream.write('', () => resolve()))
  return process.exit(status)
}
