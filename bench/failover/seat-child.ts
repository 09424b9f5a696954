// A process that wants to be the primary: `seat-child.ts <configuration as JSON>`. It tells when it was started and
// elected.
import { createEscapement, type EscapementConfig } from '../../src/index.ts'
import { monotonicMs } from '../postgres/monotonic.ts'

/** `ready`: it stands for the seat from now on. Instants are those of the system's monotonic clock. */
export type SeatMessage = { readonly what: 'ready' } | { readonly what: 'elected'; readonly at: number }

const tell = (message: SeatMessage): void => void process.send?.(message)
const app = createEscapement({ logger: false, ...(JSON.parse(process.argv[2] ?? '{}') as EscapementConfig) })
app.onPrimary({ onElected: () => tell({ what: 'elected', at: monotonicMs() }) })
process.on('SIGTERM', () => void app.stop().then(() => process.disconnect()))
await app.start()
tell({ what: 'ready' })
