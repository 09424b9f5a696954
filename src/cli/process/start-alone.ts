import { systemClock } from '../../clock/system.ts'
import { aloneUnder } from '../../launcher/process/alone.ts'
import type { AppOptions } from '../../launcher/protocol.ts'
import { WrongUse } from '../failures.ts'
import { madeTokenOf } from './made-token.ts'
import { assertPortsFree } from './listen-problem.ts'
import { inspect } from './inspect.ts'
import type { Output } from '../output.ts'
import { runProcess } from './run-process.ts'
import { startAnswer, startInWords } from '../start/start-words.ts'

/** Runs the only process of a topology in this process. Never resolves: a signal ends the process. */
export async function startAlone(options: AppOptions, output: Output): Promise<never> {
  const inspection = await inspect(options)
  const [only, ...others] = inspection.processes
  if (only === undefined || others.length > 0)
    throw new WrongUse(
      `--no-master runs one process, and the topology "${inspection.topology}" has ${inspection.processes.length} here; choose with --roles, --web and --workers.`
    )
  const { listen, ...plan } = only
  await assertPortsFree(inspection.processes)
  const supervisor = aloneUnder(plan.name, systemClock, text => output.notice(text))
  const madeToken = madeTokenOf(inspection, text => output.notice(text))
  const url = await runProcess(supervisor, {
    kind: 'run',
    options,
    plan,
    listen,
    maxRequests: 0,
    graces: inspection.graces,
    waitsForBooks: inspection.isProduction,
    madeToken
  })
  const processes = [{ name: plan.name, pid: process.pid, roles: plan.roles, ready: true, url }]
  output.answer(startAnswer(inspection, processes), () => startInWords(inspection, processes))
  return new Promise(() => undefined)
}
