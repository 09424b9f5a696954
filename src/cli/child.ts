// The process that a master starts: it asks for its assignment and does it.
import { enableCompileCache } from 'node:module'
import { hideExperimentalWarnings } from './quiet.ts'

enableCompileCache()
// Before any import that would warn.
hideExperimentalWarnings()
const { MasterLink } = await import('../launcher/process/master-link.ts')
const { commandFailureOf } = await import('./failures.ts')

const link = new MasterLink()
const assignment = await link.assignment()
try {
  if (assignment.kind === 'inspect') {
    const { inspect } = await import('./process/inspect.ts')
    await link.tellAndEnd({ type: 'inspected', inspection: await inspect(assignment.options) }, 0)
  } else {
    const { runProcess } = await import('./process/run-process.ts')
    await runProcess(link, assignment)
  }
} catch (error) {
  const { status, code, message } = commandFailureOf(error)
  await link.tellAndEnd({ type: 'failed', failure: { status, code, message } }, status)
}
