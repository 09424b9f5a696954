// `npm run example -- <name>`: an example of examples/, with what it needs and a fresh build of the library. `npm start`
// is the ship tracker.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findChromium } from '../examples/ship-tracker/chromium.ts'
import { ensurePrograms } from './apt.ts'
import { ensureBuilt } from './built.ts'

const root = join(import.meta.dirname, '..')

interface Example {
  /** What node runs, with its arguments, from the root of the project. */
  readonly main: readonly [file: string, ...args: string[]]
  readonly needsBrowser?: boolean
}

const configOf = (name: string): string => join('examples', name, 'escapement.config.ts')
const examples: Readonly<Record<string, Example>> = {
  'ship-tracker': { main: ['examples/ship-tracker/main.ts'], needsBrowser: true },
  'hotel-partner': { main: ['dist/cli/main.js', 'start', '--config', configOf('hotel-partner'), '--web', '4'] },
  'control-centre': { main: ['dist/cli/main.js', 'start', '--config', configOf('control-centre')] }
}

function refuse(problem: string, status: number): never {
  console.error(`example: ${problem}`)
  process.exit(status)
}

function prepare({ needsBrowser = false }: Example): void {
  // Without a font a page is photographed as empty boxes, and Debian's Chromium only recommends one.
  const chromium = { command: 'chromium', package: 'chromium fonts-dejavu-core' }
  const hasBrowser = process.env['CHROMIUM_PATH'] !== undefined || findChromium() !== undefined
  if (needsBrowser && !hasBrowser) ensurePrograms([chromium])
  if (!ensureBuilt()) refuse('the library could not be built, see above', 1)
}

/** In this same process, so that a signal reaches the example itself. */
async function run({ main: [file, ...args] }: Example, more: readonly string[]): Promise<void> {
  const path = join(root, file)
  process.chdir(root)
  process.argv = [process.argv[0]!, path, ...args, ...more]
  await import(pathToFileURL(path).href)
}

const [name = '', ...more] = process.argv.slice(2)
const example = Object.hasOwn(examples, name) ? examples[name] : undefined
if (example === undefined) refuse(`there is no example "${name}"; there are: ${Object.keys(examples).join(', ')}`, 2)
prepare(example)
const ownSettings = join(root, 'examples', name, '.env')
// What the environment says already takes precedence.
if (existsSync(ownSettings)) process.loadEnvFile(ownSettings)
await run(example, more)
