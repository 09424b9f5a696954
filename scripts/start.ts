// `npm start`: the ship tracker of examples/, with its browser and a fresh build of the library.
import { findChromium } from '../examples/ship-tracker/chromium.ts'
import { ensurePrograms } from './apt.ts'
import { ensureBuilt } from './built.ts'

// Without a font a page is photographed as empty boxes, and Debian's Chromium only recommends one.
const chromium = { command: 'chromium', package: 'chromium fonts-dejavu-core' }
if (process.env['CHROMIUM_PATH'] === undefined && findChromium() === undefined) ensurePrograms([chromium])

if (!ensureBuilt()) {
  console.error('start: the library could not be built, see above')
  process.exit(1)
}
// In this same process, so that a signal reaches the tracker itself.
await import('../examples/ship-tracker/main.ts')
