// `npm run bench -- <what>`: measures the project next to its references, in the same run.
import { writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { type Asked, readArguments } from './arguments.ts'
import type { Bar } from './bar.ts'
import { benches } from './benches.ts'
import { chartOf } from './chart.ts'
import { Servers } from './postgres/servers.ts'
import { reportOf, tableOf } from './report.ts'

/** Ratios stand a busy machine, limits in milliseconds don't. */
function warnOfLoad(): void {
  const load = loadavg()[0]!
  const processors = availableParallelism()
  if (load > processors / 4)
    console.error(
      `bench: ${load.toFixed(1)} others run on ${processors} processors: what is measured in milliseconds will look worse`
    )
}

async function measure({ names, ...asked }: Asked): Promise<Bar[]> {
  const servers = new Servers()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void servers.end().finally(() => process.exit(1)))
  const bars: Bar[] = []
  try {
    for (const name of names) {
      const bench = await benches[name]!.load()
      const tell = (progress: string): void => console.error(`bench ${name}: ${progress}`)
      bars.push(...(await bench({ ...asked, servers, tell })))
    }
  } finally {
    await servers.end()
  }
  return bars
}

const asked = readArguments(process.argv.slice(2))
warnOfLoad()
const bars = await measure(asked)
const { rounds, chart, isJson } = asked
if (chart !== undefined) writeFileSync(chart, chartOf(bars))
process.stdout.write(isJson ? `${JSON.stringify(reportOf(rounds, bars))}\n` : `${tableOf(rounds, bars)}\n`)
