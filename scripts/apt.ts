// Programs that npm can't bring (Spin, a C compiler, Chromium, database servers): installed with apt where we may,
// named clearly where we may not.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Program {
  /** What has to be found on PATH afterwards. */
  readonly command: string
  /**
   * The Debian packages that bring it, separated by blanks. Recommended packages are left out: name the ones that are
   * needed.
   */
  readonly package: string
  /** Its path, where it may lie outside PATH. */
  readonly find?: () => string | undefined
}

// A second apt-get on the machine (another test run, unattended upgrades) holds dpkg's lock for minutes at most.
const APT_OPTIONS = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3']
const PACKAGE_LISTS = '/var/lib/apt/lists'

/**
 * Makes sure that the programs are on PATH. As root on Debian or Ubuntu the missing ones are installed; everywhere else,
 * or when that fails, standard error names what to install. Never throws and never writes to standard output.
 *
 * @returns the commands that are still missing; empty when all is well.
 */
export function ensurePrograms(programs: readonly Program[]): { missing: string[] } {
  const absent = programs.filter(program => !isThere(program))
  if (absent.length > 0 && mayInstall()) install(absent)
  const stillAbsent = absent.filter(program => !isThere(program))
  for (const { command, package: packages } of stillAbsent)
    say(`"${command}" is missing; install it (on Debian or Ubuntu, as root: apt-get install ${packages})`)
  return { missing: stillAbsent.map(program => program.command) }
}

const isThere = ({ command, find }: Program): boolean => isOnPath(command) || find?.() !== undefined

function isOnPath(command: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '')
  return folders.some(folder => isExecutable(join(folder, command)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && isOnPath('apt-get')
}

// One program at a time: a package that this release doesn't know must not keep the others away.
function install(programs: readonly Program[]): void {
  let isFresh = !hasPackageLists() && aptGet(['update'])
  for (const program of programs) {
    const args = ['install', '-y', '--no-install-recommends', ...program.package.split(' ')]
    say(`installing ${program.package} for "${program.command}"`)
    if (aptGet(args) || isFresh) continue
    // Lists may be there and stale: what has moved on since then is found only after an update.
    isFresh = aptGet(['update'])
    if (isFresh) aptGet(args)
  }
}

function hasPackageLists(): boolean {
  return existsSync(PACKAGE_LISTS) && readdirSync(PACKAGE_LISTS).some(name => /_Packages(\.|$)/.test(name))
}

function aptGet(args: string[]): boolean {
  // dpkg refuses to work where ldconfig and start-stop-daemon are not on PATH, as in a bare `env -i`.
  const path = `${process.env['PATH']}${delimiter}/usr/local/sbin${delimiter}/usr/sbin${delimiter}/sbin`
  const env = { ...process.env, PATH: path, DEBIAN_FRONTEND: 'noninteractive' }
  const { status } = spawnSync('apt-get', [...APT_OPTIONS, ...args], { env, stdio: ['ignore', 2, 2] })
  return status === 0
}

function say(message: string): void {
  console.error(`apt: ${message}`)
}
