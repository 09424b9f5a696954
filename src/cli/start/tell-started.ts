import type { Master } from '../../launcher/master/master.ts'
import type { Inspection } from '../../launcher/protocol.ts'
import type { Output } from '../output.ts'
import { startAnswer, startInWords } from './start-words.ts'

/** Starts all processes of a master. Prints the result once all are ready, unless they are told to stop before that. */
export async function tellStarted(master: Master, inspection: Inspection, output: Output): Promise<void> {
  await master.start()
  if (master.isStopping) return
  const { processes } = master
  output.answer(startAnswer(inspection, processes), () => startInWords(inspection, processes))
}
